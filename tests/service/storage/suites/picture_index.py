"""What every PictureIndex promises, whatever engine keeps the pictures."""

import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Protocol, Unpack

import pytest

from dalle.key import Key
from dalle.storage.picture import Matches, Page, Picture, Progress, Upkeep
from dalle.storage.protocol import PictureIndex
from tests.kit.folders import MOMENT, SIZE, Looks, address
from tests.kit.processes import CONTEXT
from tests.kit.waiting import wait

KEY = Key("blue", address(1))
LETTERS = "aabcdefx0123456789  -'\"*%ßİŻ猫é\u0301.,qz"


class Gallery(Protocol):
    """Pictures with an index; what a subclass of the tests returns from its fixture `gallery`.

    opener  opens the same index in another process: it can be pickled
    """

    index: PictureIndex
    opener: Callable[[], PictureIndex]

    def put(self, series: str, name: str, **looks: Unpack[Looks]) -> None:
        """Add or replace a picture, `age` seconds older than MOMENT."""

    def tear(self, series: str, name: str, *, age: float = 0) -> None:
        """Add a picture whose bytes have no end, or put it in place of a whole one."""

    def remove(self, series: str, name: str) -> None:
        """Remove a picture as an operator does, behind the engine's back."""


def names(pictures: list[Picture]) -> list[str]:
    return [f"{picture.series}/{picture.name}" for picture in pictures]


def walk(index: PictureIndex, limit: int, *, series: str = "", words: str = "") -> list[Picture]:
    """All pages, one after the other."""
    pictures, after = [], None
    for _ in range(500):
        page = index.page(series=series, words=words, after=after, limit=limit)
        assert len(page.pictures) <= limit
        pictures += page.pictures
        after = page.after
        if not after:
            return pictures
    raise AssertionError("the pages have no end")


def count(opener: Callable[[], PictureIndex], enough: int) -> int:
    """Count the pictures of an index once there are enough: no answer waits for one who brings it up to date."""
    index = opener()
    wait(lambda: len(index.page(limit=500).pictures) >= enough, "the pictures")
    return len(index.page(limit=500).pictures)


class PictureIndexTests:
    def test_is_empty_without_pictures(self, gallery: Gallery) -> None:
        assert gallery.index.page() == Page([], None)
        assert gallery.index.folders() == []
        assert gallery.index.tend(1) == Upkeep([], [])

    def test_groups_by_series_with_the_newest_first(self, gallery: Gallery) -> None:
        gallery.put("blue", address(1), age=30)
        gallery.put("amber", address(2), age=20)
        gallery.put("blue", address(3), age=10)
        expected = [f"blue/{address(3)}", f"blue/{address(1)}", f"amber/{address(2)}"]
        assert names(gallery.index.page().pictures) == expected
        folders = [(folder.series, folder.count, folder.newest_ns // 10**9) for folder in gallery.index.folders()]
        assert folders == [("blue", 2, MOMENT - 10), ("amber", 1, MOMENT - 20)]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
    def test_pages_through_everything_once(self, gallery: Gallery, limit: int) -> None:
        for number in range(23):
            # Some have the same time: the name decides then.
            gallery.put(("blue", "amber", "cyan")[number % 3], address(number), age=number // 5)
        pictures = walk(gallery.index, limit)
        assert len(pictures) == len(set(pictures)) == 23
        assert pictures == gallery.index.page(limit=100).pictures
        amber = [picture for picture in pictures if picture.series == "amber"]
        assert walk(gallery.index, limit, series="amber") == amber

    def test_continues_where_it_was_when_newer_pictures_come(self, gallery: Gallery) -> None:
        for number in range(6):
            gallery.put("blue", address(number), age=number)
        gallery.put("amber", address(9), age=9)
        first = gallery.index.page(limit=3)
        gallery.put("blue", address(99), age=-10)
        rest = [f"blue/{address(number)}" for number in (3, 4, 5)] + [f"amber/{address(9)}"]
        assert names(gallery.index.page(limit=9, after=first.after).pictures) == rest

    def test_counts_what_its_pages_hold(self, gallery: Gallery) -> None:
        for number in range(5):
            title = "A Quiet Otter" if number % 2 else ""
            gallery.put(("blue", "amber")[number > 2], address(number), title=title, age=number)
        gallery.tear("blue", address(9))
        gallery.index.tend(1)
        for series in ("", "blue", "amber", "grey"):
            for words in ("", "otter", "quiet OTTER", address(4), "heron"):
                pages = walk(gallery.index, 2, series=series, words=words)
                assert gallery.index.matches(words, series=series) == Matches(len(pages)), (series, words)
        assert gallery.index.matches("otter") == Matches(2)

    @pytest.mark.parametrize("words", ["hawk", "HAWK moth", "moth hawk", "blue", address(1), "ŻAL", "blue 0x00"])
    def test_filters_by_series_address_and_words_of_the_title(self, gallery: Gallery, words: str) -> None:
        gallery.put("blue", address(1), title="A Hawk-Moth full of żal")
        gallery.put("amber", address(2), title="An otter")
        assert names(gallery.index.page(words=words).pictures) == [f"blue/{address(1)}"]
        assert gallery.index.page(words=f"{words} nothing").pictures == []

    @pytest.mark.parametrize("seed", range(3))
    def test_filters_as_a_plain_scan_does(self, gallery: Gallery, seed: int) -> None:
        chance, plain = random.Random(seed), Plain()
        for number in range(25):
            series = chance.choice(("blue", "zx 0a"))
            name = chance.choice((address(chance.getrandbits(150)), f"{chance.getrandbits(40):x} Ferien"))
            title = "".join(chance.choices(LETTERS, k=chance.randrange(30)))
            title = " ".join(title.split())
            gallery.put(series, name, age=number % 9, title=title)
            plain.pictures[series, name] = Picture(series, name, (MOMENT - number % 9) * 10**9, *SIZE, title)
        texts = [f"{each.series} {each.name} {each.title}" for each in plain.pictures.values() if each]
        for _ in range(60):
            words = [piece(chance, chance.choice(texts)) for _ in range(chance.choice((1, 1, 2, 3)))]
            expected = plain.listed("", " ".join(words))
            assert gallery.index.page(words=" ".join(words), limit=99).pictures == expected, words
            assert gallery.index.matches(" ".join(words)) == Matches(len(expected)), words

    @pytest.mark.parametrize("seed", range(2))
    def test_finds_each_part_of_an_address_as_a_plain_scan_does(self, gallery: Gallery, seed: int) -> None:
        chance, plain = random.Random(seed), Plain()
        digits = f"{chance.getrandbits(160):040x}"
        for number in range(20):
            shared = chance.randrange(41)
            alike = digits[:shared] + f"{chance.getrandbits(160):040x}"[shared:]
            name = chance.choice((f"0x{alike}", f"0x{alike}", alike, f"Copy-0X{alike}"))
            title = chance.choice(("", f"The 0x{digits}", f"A bead of 0x{alike[:3]} {alike[5:10]}", "Facade"))
            gallery.put("blue", name, age=number % 9, title=title)
            plain.pictures["blue", name] = Picture("blue", name, (MOMENT - number % 9) * 10**9, *SIZE, title)
        for at in (0, 1, 2, 3, chance.randrange(4, 38), 39):
            for length in (*range(1, 9), chance.randrange(9, 42), 42):
                part = f"0x{digits}"[at : at + length]
                for words in (part, f"{part}{chance.choice('07fx')}", f"bead {part}", f"{part} {digits[-4:]}"):
                    expected = plain.listed("", words)
                    assert gallery.index.page(words=words, limit=99).pictures == expected, words
                    assert gallery.index.matches(words) == Matches(len(expected)), words

    def test_counts_matches_up_to_a_bound(self, gallery: Gallery) -> None:
        for number in range(5):
            gallery.put(("blue", "amber")[number % 2], address(number), title="The otter")
        gallery.tear("blue", address(9))
        gallery.index.tend(1)
        assert gallery.index.matches("otter") == Matches(5)
        assert gallery.index.matches("otter", most=5) == Matches(5)
        assert gallery.index.matches("otter", most=4) == Matches(4, more=True)
        assert gallery.index.matches("otter", series="amber") == Matches(2)
        assert gallery.index.matches("hawk") == Matches(0)

    def test_begins_a_page_behind_a_share_or_before_a_moment(self, gallery: Gallery) -> None:
        for number in range(20):
            gallery.put("blue" if number < 10 else "amber", address(number), age=number * 10)
        order = gallery.index.page(limit=99).pictures
        for share in (0, 0.1, 0.45, 0.5, 0.95):
            position = gallery.index.position(share=share)
            assert gallery.index.page(after=position, limit=1).pictures == [order[round(share * 20)]]
        assert gallery.index.page(after=gallery.index.position(share=1)).pictures == []
        half = gallery.index.position(series="amber", share=0.5)
        assert gallery.index.page(series="amber", after=half, limit=1).pictures == [order[15]]
        for age, expected in ((0, 0), (30, 3), (31, 4), (95, 10), (100, 10)):
            position = gallery.index.position(before_ns=(MOMENT - age) * 10**9 + 1)
            assert gallery.index.page(after=position, limit=1).pictures == [order[expected]]
        assert gallery.index.page(after=gallery.index.position(before_ns=1)).pictures == []
        assert gallery.index.position() is None

    def test_begins_a_page_with_a_picture(self, gallery: Gallery) -> None:
        for number in range(6):
            gallery.put("blue" if number < 3 else "amber", address(number), age=number // 2)
        for number, picture in enumerate(order := gallery.index.page().pictures):
            position = gallery.index.position(picture=picture)
            assert gallery.index.page(after=position).pictures == order[number:]
        assert gallery.index.position(series="blue", picture=order[5]) is None

    def test_pages_back_to_the_beginning(self, gallery: Gallery) -> None:
        for number in range(20):
            gallery.put("blue" if number < 10 else "amber", address(number), title=f"hawk {number % 2}", age=number)
        for words, series in (("", ""), ("1", ""), ("", "amber"), ("hawk 1", "amber")):
            order = gallery.index.page(words=words, series=series, limit=99).pictures
            forth = gallery.index.page(words=words, series=series, limit=len(order) - 1)
            assert forth.before is None
            back = gallery.index.page(words=words, series=series, until=forth.after, limit=3)
            assert back.pictures == order[-4:-1]
            assert gallery.index.page(words=words, series=series, after=back.after).pictures == order[-1:]
            rest = gallery.index.page(words=words, series=series, until=back.before, limit=99)
            assert (rest.pictures, rest.before) == (order[:-4], None)
            again = gallery.index.page(words=words, series=series, after=back.before, limit=1)
            assert again.pictures == [order[-4]]
            assert gallery.index.page(words=words, series=series, until=again.before).pictures == order[:-4]

    def test_pages_back_from_the_end_and_from_what_was_removed(self, gallery: Gallery) -> None:
        for number in range(6):
            gallery.put("blue" if number < 3 else "amber", address(number), age=number)
        order = gallery.index.page().pictures
        end = gallery.index.position(share=1)
        assert gallery.index.page(until=end, limit=2).pictures == order[-2:]
        for number in range(3, 6):
            gallery.remove("amber", address(number))
        assert gallery.index.page(until=end, limit=2).pictures == order[1:3]

    def test_says_which_share_is_in_front_of_a_place(self, gallery: Gallery) -> None:
        for number in range(20):
            gallery.put("blue" if number < 10 else "amber", address(number), age=number * 10)
        for number in range(21):
            assert gallery.index.share(gallery.index.position(share=number / 20)) == pytest.approx(number / 20)
        half = gallery.index.position(series="amber", share=0.5)
        assert (gallery.index.share(half), gallery.index.share(half, series="amber")) == (0.75, 0.5)
        assert gallery.index.share(None) == 0

    def test_says_how_far_it_is(self, gallery: Gallery) -> None:
        assert gallery.index.progress() == Progress(0, 0, 0)
        gallery.put("blue", address(1))
        assert gallery.index.page().pictures
        assert gallery.index.tend(1) == Upkeep([], [])
        assert gallery.index.progress() == Progress(1, 1, 0)

    @pytest.mark.parametrize("words", ["%", "_", "'", '"', "*", "\\"])
    def test_takes_each_letter_of_the_filter_for_itself(self, gallery: Gallery, words: str) -> None:
        gallery.put("blue", address(1))
        assert gallery.index.page(words=words).pictures == []

    def test_knows_title_size_and_painter_before_and_after_upkeep(self, gallery: Gallery) -> None:
        gallery.put("blue", address(1), title="An otter", painter="sketch", size=(70, 90))
        expected = Picture("blue", address(1), MOMENT * 10**9, 70, 90, "An otter", "sketch")
        assert gallery.index.page().pictures == [expected]
        assert gallery.index.tend(1) == Upkeep([], [])
        assert gallery.index.page().pictures == [expected]
        assert gallery.index.find("blue", address(1)) == expected

    def test_finds_a_picture_by_its_name(self, gallery: Gallery) -> None:
        gallery.put("blue", address(1), title="The otter")
        picture = gallery.index.find("blue", address(1))
        assert picture is not None
        assert (picture.key, picture.title) == (KEY, "The otter")
        assert gallery.index.find("blue", address(2)) is None
        assert gallery.index.find("amber", address(1)) is None
        assert gallery.index.find("..", "output") is None

    def test_knows_the_place_of_a_picture_in_the_order(self, gallery: Gallery) -> None:
        for number, series in enumerate(("blue", "blue", "blue", "amber", "amber")):
            gallery.put(series, address(number), age=number)
        order = gallery.index.page().pictures
        for at, picture in enumerate(order):
            assert gallery.index.around(picture) == place(order, at)
        assert gallery.index.around(order[2], series="blue") == place(order[:3], 2)

    def test_shows_no_torn_picture_and_reports_it(self, gallery: Gallery) -> None:
        gallery.tear("blue", address(1))
        gallery.put("blue", address(2), age=9)
        for _ in range(2):
            assert names(gallery.index.page().pictures) == [f"blue/{address(2)}"]
            assert gallery.index.find("blue", address(1)) is None
            upkeep = gallery.index.tend(1)
            assert upkeep == Upkeep([KEY], [])
            gallery.index.acknowledge(upkeep)

    def test_shows_a_torn_picture_once_it_was_replaced(self, gallery: Gallery) -> None:
        gallery.tear("blue", address(1))
        gallery.index.tend(1)
        gallery.put("blue", address(1), title="Whole")
        assert [picture.title for picture in gallery.index.page().pictures] == ["Whole"]
        assert gallery.index.tend(1) == Upkeep([], [])

    def test_moves_a_picture_up_that_was_replaced(self, gallery: Gallery) -> None:
        gallery.put("blue", address(1), age=20, title="Old")
        gallery.put("blue", address(2), age=10)
        gallery.index.tend(1)
        assert names(gallery.index.page().pictures)[0] == f"blue/{address(2)}"
        gallery.put("blue", address(1), age=0, title="New")
        assert [picture.title for picture in gallery.index.page().pictures] == ["New", ""]

    def test_reports_a_removed_picture_until_that_is_settled(self, gallery: Gallery) -> None:
        gallery.put("blue", address(1))
        gallery.put("cyan", address(2))
        assert gallery.index.tend(1) == Upkeep([], [])
        gallery.remove("blue", address(1))
        assert names(gallery.index.page().pictures) == [f"cyan/{address(2)}"]
        assert gallery.index.find("blue", address(1)) is None
        assert [folder.series for folder in gallery.index.folders()] == ["cyan"]
        upkeep = gallery.index.tend(1)
        assert upkeep == gallery.index.tend(1) == Upkeep([], [KEY])
        gallery.index.acknowledge(upkeep)
        assert gallery.index.tend(1) == Upkeep([], [])

    @pytest.mark.parametrize("name", ["<script>alert(1)<", "%2e", "ü — 猫", "n" * 200])
    def test_lists_names_that_are_no_key_and_reports_nothing_of_them(self, gallery: Gallery, name: str) -> None:
        gallery.put("<b>&", name)
        gallery.tear("<b>&", "torn")
        page = gallery.index.page()
        assert names(page.pictures) == [f"<b>&/{name}"]
        assert page.pictures[0].key is None
        assert gallery.index.find("<b>&", name) == page.pictures[0]
        assert gallery.index.tend(1) == Upkeep([], [])
        gallery.remove("<b>&", name)
        assert gallery.index.page().pictures == []
        assert gallery.index.tend(1) == Upkeep([], [])

    def test_is_the_same_for_every_process_and_thread(self, gallery: Gallery) -> None:
        for number in range(300):
            gallery.put("blue", address(number), age=number)
        with (
            ProcessPoolExecutor(2, mp_context=CONTEXT) as processes,
            ThreadPoolExecutor(4) as threads,
        ):
            others = [processes.submit(count, gallery.opener, 300) for _ in range(2)]
            ours = [threads.submit(count, lambda: gallery.index, 300) for _ in range(4)]
            assert [counted.result(60) for counted in others + ours] == [300] * 6

    @pytest.mark.parametrize("seed", range(6))
    def test_agrees_with_a_plain_listing(self, gallery: Gallery, seed: int) -> None:
        chance, plain = random.Random(seed), Plain()
        for step in range(60):
            series, name = chance.choice(("blue", "amber", "cyan")), address(chance.randrange(12))
            match chance.randrange(8):
                case 0 if (series, name) in plain.pictures:
                    gallery.remove(series, name)
                    del plain.pictures[series, name]
                case 1:
                    gallery.tear(series, name, age=99)
                    plain.pictures[series, name] = None
                case 2:
                    gallery.index.tend(chance.choice((0, 1)))
                case _:
                    age, title = chance.randrange(5), chance.choice(("", "An Otter", "Żal, an otter"))
                    gallery.put(series, name, age=age, title=title)
                    plain.pictures[series, name] = Picture(series, name, (MOMENT - age) * 10**9, *SIZE, title)
            gallery.index.folders()  # an engine may overlook what is replaced twice between two looks
            if step % 6 == 5:
                words = chance.choice(("", "otter", "żal", "an blue", address(3), "nothing"))
                only = chance.choice(("", "blue", "amber", "grey"))
                expected = plain.listed(only, words)
                assert walk(gallery.index, chance.randrange(1, 9), series=only, words=words) == expected
                for at, picture in enumerate(expected):
                    assert gallery.index.around(picture, series=only, words=words) == place(expected, at)


def place(order: list[Picture], at: int) -> dict[str, Picture | None]:
    """What `around` returns for a picture of a list."""
    return {
        "first": order[0],
        "previous": order[at - 1] if at else None,
        "next": order[at + 1] if at + 1 < len(order) else None,
        "last": order[-1],
    }


class Plain:
    """The index as a dictionary: series and name → the picture, None for a torn one."""

    def __init__(self) -> None:
        self.pictures: dict[tuple[str, str], Picture | None] = {}

    def listed(self, series: str, words: str) -> list[Picture]:
        whole = [picture for picture in self.pictures.values() if picture]
        newest = {each.series: max(one.modified_ns for one in whole if one.series == each.series) for each in whole}
        whole.sort(key=lambda picture: (picture.modified_ns, picture.name), reverse=True)
        whole.sort(key=lambda picture: (-newest[picture.series], picture.series))
        return [picture for picture in whole if series in ("", picture.series) and matches(picture, words)]


def piece(chance: random.Random, text: str) -> str:
    """A part of a text, in any case, or something else."""
    at = chance.randrange(len(text))
    part = text[at : at + chance.choice((1, 1, 2, 2, 3, 4, 9))]
    return chance.choice((part, part.upper(), part, f"{part}q", part[::-1]))


def matches(picture: Picture, words: str) -> bool:
    text = f"{picture.series} {picture.name} {picture.title}".casefold()
    return all(word in text for word in words.casefold().split())
