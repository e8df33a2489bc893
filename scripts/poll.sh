#!/bin/sh
# Makes a picture on a dalleserver: starts a run, waits until it is done, downloads the picture. Needs curl and jq.
set -eu

usage() {
    cat <<'TEXT'
Usage: poll.sh [-s SERVER] [-o FILE] [-t SECONDS] [-q] SERIES ADDRESS

  -s SERVER   base URL; default: $DALLE_SERVER, else http://localhost:8080
  -o FILE     where to write the picture; default: <address>.png; - is stdout
  -t SECONDS  stop waiting after this long; default 900
  -q          quiet: print errors only

Example: poll.sh -s http://localhost:8080 -o it.png simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045

Exit codes: 0 downloaded; 1 the run failed; 2 wrong arguments; 3 not found, and nothing was started (the server is
read-only, or the picture was removed); 4 not finished in time, the run continues on the server; 5 the server cannot be
reached or refuses the request; 130 interrupted, the run continues on the server.
TEXT
}

server=${DALLE_SERVER:-http://localhost:8080}
out=
limit=900
quiet=
while getopts s:o:t:qh option; do
    case $option in
        s) server=$OPTARG ;;
        o) out=$OPTARG ;;
        t) limit=$OPTARG ;;
        q) quiet=1 ;;
        h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || { usage >&2; exit 2; }
case $limit in '' | *[!0-9]*) echo "poll.sh: -t $limit: expected seconds" >&2; exit 2 ;; esac
for tool in curl jq; do
    command -v "$tool" >/dev/null || { echo "poll.sh: $tool is not installed" >&2; exit 2; }
done

case $1$2 in
    *[!A-Za-z0-9-]*) echo "poll.sh: $1 $2: expected a series and an address, 0x and 40 hexadecimal digits" >&2; exit 2 ;;
esac
server=${server%/}
url=$server/dalle/$1/$2
out=${out:-$2.png}

# The answer is written beside its destination, so that the last step is a rename; except for stdout, a pipe or a device.
if [ "$out" = - ] || { [ -e "$out" ] && [ ! -f "$out" ] && [ ! -d "$out" ]; }; then
    answer=$(mktemp) || exit 5
else
    answer=$out.$$.part
    if [ -d "$out" ] || ! (: >"$answer") 2>/dev/null; then
        echo "poll.sh: -o $out: expected a file in a writable folder" >&2
        exit 2
    fi
fi
headers=$(mktemp) || exit 5
trap 'rm -f "$answer" "$headers"' EXIT
trap 'printf "\npoll.sh: interrupted; the run continues on the server: start this command again to follow it\n" >&2; exit 130' INT
trap 'exit 143' TERM

say() {
    [ -n "$quiet" ] || printf '%s\n' "$*" >&2
}

# fetch URL SECONDS: asks the server to wait so long for the end of the run; sets status and content_type; the body is in
# $answer. Fails if there is no answer.
fetch() {
    : >"$headers"
    result=$(curl -sS --max-time 120 -H "Prefer: wait=$2" -o "$answer" -D "$headers" -w '%{http_code} %{content_type}' "$1") || return 1
    status=${result%% *}
    content_type=${result#* }
}

# save: writes the picture in $answer to its destination.
save() {
    case $answer in
        "$out".*) mv -f "$answer" "$out" ;;
        *) if [ "$out" = - ]; then cat "$answer"; else cat "$answer" >"$out"; fi ;;
    esac
    say "$out"
}

# field FILTER: prints one field of the answer, nothing if it is not JSON.
field() {
    jq -r "$1 // empty" "$answer" 2>/dev/null || true
}

# has_waited: succeeds if the server has waited: then there is no need to pause.
has_waited() {
    grep -qi '^preference-applied:' "$headers"
}

# retry_after: prints the seconds of the header Retry-After.
retry_after() {
    tr -d '\r' <"$headers" | awk 'tolower($1) == "retry-after:" && $2 ~ /^[0-9]+$/ { print $2 }' | tail -n 1
}

started=$(date +%s)
pause=1
failures=0
request="$url?generate=1"
patience=0 # the first answer comes at once, and shows that the run has started
while :; do
    wait=$pause
    if ! fetch "$request" "$patience"; then
        # The server may be restarting; a run survives that.
        failures=$((failures + 1))
        [ "$failures" -lt 5 ] || { echo "poll.sh: $server cannot be reached" >&2; exit 5; }
    else
        failures=0
        case $status in
            200)
                case $content_type in
                    image/png*)
                        save
                        exit 0
                        ;;
                esac
                error=$(field .error)
                if [ -n "$error" ]; then
                    echo "poll.sh: $(field .errorCode): $error" >&2
                    exit 1
                fi
                case $(field '.done | tostring') in
                    true)
                        # The picture exists already: a plain request returns it.
                        [ "$request" = "$url" ] || wait=0
                        ;;
                    false)
                        say "$(field '"\(.percent | floor) %, \(.current | gsub("_"; " ")), about \(.etaSeconds | ceil) s left"')"
                        ;;
                    *)
                        echo "poll.sh: not found: no picture and no run of $1/$2" >&2
                        exit 3
                        ;;
                esac
                # Only plain requests from here on: they never start anything. Proxies cut those off that last 30 s.
                request=$url
                patience=25
                has_waited && wait=0
                ;;
            429 | 502 | 503 | 504)
                say "the server is busy ($status)"
                wait=$(retry_after)
                wait=${wait:-$pause}
                ;;
            *)
                echo "poll.sh: $status: $(field '[.error.message, .error.details] | map(select(. != "")) | join(": ")')" >&2
                [ "$status" = 400 ] && exit 2
                exit 5
                ;;
        esac
    fi
    left=$((limit - $(date +%s) + started - wait))
    [ "$patience" -le "$left" ] || patience=$left
    if [ "$left" -lt 0 ]; then
        echo "poll.sh: not finished within $limit s; the run continues on the server: start this command again to follow it" >&2
        exit 4
    fi
    sleep "$wait"
    [ "$wait" -eq 0 ] || pause=$((pause < 8 ? pause * 2 : 10))
done
