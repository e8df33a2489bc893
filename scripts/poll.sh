#!/bin/sh
# Make a picture on a dalleserver and fetch it: trigger, poll until `.done`, download. Needs curl and jq.
set -eu

usage() {
    cat <<'TEXT'
Usage: poll.sh [-s SERVER] [-o FILE] [-t SECONDS] [-q] SERIES ADDRESS

  -s SERVER   base URL; default: $DALLE_SERVER, else http://localhost:8080
  -o FILE     where the picture goes; default: <address>.png; - is stdout
  -t SECONDS  give up waiting after this long; default 900
  -q          quiet: only errors

Example: poll.sh -s http://localhost:8080 -o it.png simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045

Exit codes: 0 fetched; 1 the run failed; 2 wrong arguments; 3 there is nothing, and nothing was started (a read-only
server, or somebody removed the picture); 4 not finished in time: the run goes on, come back later; 5 the server
cannot be reached or refuses; 130 interrupted: the run goes on.
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
    command -v "$tool" >/dev/null || { echo "poll.sh: $tool is needed" >&2; exit 2; }
done

case $1$2 in
    *[!A-Za-z0-9-]*) echo "poll.sh: $1 $2: expected a series and an address, 0x and 40 hexadecimal digits" >&2; exit 2 ;;
esac
server=${server%/}
url=$server/dalle/$1/$2
out=${out:-$2.png}

# The answer is kept beside its destination, so that the last step is a rename; not so for stdout, a pipe or a device.
if [ "$out" = - ] || { [ -e "$out" ] && [ ! -f "$out" ] && [ ! -d "$out" ]; }; then
    answer=$(mktemp) || exit 5
else
    answer=$out.$$.part
    if [ -d "$out" ] || ! (: >"$answer") 2>/dev/null; then
        echo "poll.sh: -o $out: expected a file in a folder that can be written to" >&2
        exit 2
    fi
fi
headers=$(mktemp) || exit 5
trap 'rm -f "$answer" "$headers"' EXIT
trap 'printf "\npoll.sh: interrupted; the run goes on: start this again to come back\n" >&2; exit 130' INT
trap 'exit 143' TERM

say() {
    [ -n "$quiet" ] || printf '%s\n' "$*" >&2
}

# ask URL: sets status and kind; the body is in $answer. Fails when there is no answer.
ask() {
    : >"$headers"
    told=$(curl -sS --max-time 120 -o "$answer" -D "$headers" -w '%{http_code} %{content_type}' "$1") || return 1
    status=${told%% *}
    kind=${told#* }
}

# deliver: the picture is in $answer.
deliver() {
    case $answer in
        "$out".*) mv -f "$answer" "$out" ;;
        *) if [ "$out" = - ]; then cat "$answer"; else cat "$answer" >"$out"; fi ;;
    esac
    say "$out"
}

# field FILTER: one field of the answer, nothing when it is no JSON.
field() {
    jq -r "$1 // empty" "$answer" 2>/dev/null || true
}

# Seconds that the server asks us to wait, from Retry-After.
asked_pause() {
    tr -d '\r' <"$headers" | awk 'tolower($1) == "retry-after:" && $2 ~ /^[0-9]+$/ { print $2 }' | tail -n 1
}

started=$(date +%s)
pause=1
missed=0
path="$url?generate=1"
while :; do
    wait=$pause
    if ! ask "$path"; then
        # The server may be restarting: a run survives that.
        missed=$((missed + 1))
        [ "$missed" -lt 5 ] || { echo "poll.sh: $server cannot be reached" >&2; exit 5; }
    else
        missed=0
        case $status in
            200)
                case $kind in
                    image/png*)
                        deliver
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
                        # It was there already: a plain request brings it.
                        [ "$path" = "$url" ] || wait=0
                        ;;
                    false)
                        say "$(field '"\(.percent | floor) % \(.current), about \(.etaSeconds | ceil) s left"')"
                        ;;
                    *)
                        echo "poll.sh: there is neither a picture nor a run of $1/$2" >&2
                        exit 3
                        ;;
                esac
                # From here on only plain requests: they never start anything.
                path=$url
                ;;
            429 | 502 | 503 | 504)
                say "the server is busy ($status)"
                asked=$(asked_pause)
                wait=${asked:-$pause}
                ;;
            *)
                echo "poll.sh: $status: $(field '"\(.error.message): \(.error.details)"')" >&2
                [ "$status" = 400 ] && exit 2
                exit 5
                ;;
        esac
    fi
    if [ $(($(date +%s) - started + wait)) -gt "$limit" ]; then
        echo "poll.sh: not finished within $limit s; the run goes on: start this again to come back" >&2
        exit 4
    fi
    sleep "$wait"
    [ "$wait" -eq 0 ] || pause=$((pause < 8 ? pause * 2 : 10))
done
