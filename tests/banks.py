"""What a good bank of items looks like, as findings in words; knows nothing of how a course is read or published."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import fmean

from elearn.courses.facts.content import CourseContent, ItemContent, ItemType, OptionContent

CHI_SQUARE = {3: 7.81, 4: 9.49}
"""Chi-square at five per cent by degrees of freedom: so uneven would chance alone spread a key once in twenty banks."""
SAME_PLACE = 5
LONGEST_SLACK, SHORTEST = 0.10, 0.40
MEAN_LENGTH, WEIGHT_LENGTH = 0.15, 0.20
TWICE = 2.0
ALIKE_STEMS, ALIKE_ITEMS = 0.70, 0.60
BANK_FACTOR, FULL = 3, 5
OPTION_COUNTS = {ItemType.SINGLE: {4}, ItemType.MULTIPLE: {4, 5}, ItemType.WEIGHTED: {5}}
A_SENTENCE = 4
STEM_SENTENCE, OPTION_WORDS, LESSON_SENTENCE = 20, 26, 13.0
LONG_WORD, LONG_SHARE = 12, 0.04
RATIONALE_WORDS = 3
SEEN, GIVEN_AWAY = 15, 0.50
MARKERS = {
    "because": r"\b(karena|sebab)\b",
    "so that": r"\b(supaya|agar)\b",
    "then": r"\b(lalu|kemudian)\b",
    "without": r"\btanpa\b",
    "and": r"\bdan\b",
    "a list of three": r",.*, (dan|lalu) ",
}

_ALL_OF_THEM = re.compile(
    r"\b(semua|seluruh(nya)?|keduanya|kedua|tidak ada)"
    r"( (jawaban|pilihan|opsi))?( (di atas|tersebut|ini))? (yang )?(benar|salah|tepat)\b"
    r"|\b[a-e] (dan|atau) [a-e]\b|\b(jawaban|pilihan|opsi) [a-e]\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(r"\b(hanya|selalu|tidak pernah|pasti|siapa pun|dalam keadaan apa pun)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(bukan|kecuali|tidak)\b", re.IGNORECASE)
_ASKED_NOT = re.compile(r"\b(mana(kah)?|apa(kah)?|semua|hal)\b[^,;]{0,40}?\b(bukan|kecuali|tidak)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…](?=[\s\"*”)]|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MARKS = re.compile(r"[*_`>#|]")
_BLOCK_END = re.compile(r"</(p|li|h\d|td|th|blockquote)>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Bank:
    """The items of one course, of checks and of the exam, with the course they belong to."""

    course: CourseContent
    items: tuple[ItemContent, ...]

    @classmethod
    def of(cls, course: CourseContent) -> "Bank":
        """All that a course asks."""
        return cls(course, (*course.exam_items, *course.check_items))

    def keyed(self, *types: ItemType) -> list[ItemContent]:
        """The items of these types."""
        return [it for it in self.items if it.type in types]


def best(item: ItemContent) -> OptionContent:
    """The one option that earns everything, of an item that has one."""
    return next(it for it in item.options if it.correct or it.weight == FULL)


def words(text: str) -> list[str]:
    """The words of a text, small, without marks and numbers."""
    return [it.lower() for it in _WORD.findall(_MARKS.sub(" ", text))]


def _lengths(options: Iterable[OptionContent]) -> list[int]:
    return [len(_MARKS.sub("", it.text)) for it in options]


def _one_key(bank: Bank) -> Iterator[tuple[ItemType, list[ItemContent]]]:
    for kind in (ItemType.SINGLE, ItemType.WEIGHTED):
        if items := bank.keyed(kind):
            yield kind, items


def key_places(bank: Bank) -> Iterator[str]:
    """The best option stands in every place about equally often as written, and never long in the same one."""
    for kind, items in _one_key(bank):
        places = [it.options.index(best(it)) for it in items]
        count = len(items[0].options)
        expected = len(items) / count
        found = Counter(places)
        chi = sum((found[place] - expected) ** 2 / expected for place in range(count))
        if chi > CHI_SQUARE.get(count - 1, 0):
            yield f"{kind}: keys stand at {dict(sorted(found.items()))} (chi-square {chi:.1f})"
        run = longest = 1
        for one, other in pairwise(places):
            run = run + 1 if one == other else 1
            longest = max(longest, run)
        if longest >= SAME_PLACE:
            yield f"{kind}: {longest} keys in a row stand in the same place"


def key_lengths(bank: Bank) -> Iterator[str]:
    """Nobody finds the best option by its length: neither as the longest, nor the shortest, nor on the average."""
    for kind, items in _one_key(bank):
        longest = shortest = 0
        ratios = []
        for item in items:
            own = _lengths([best(item)])[0]
            others = _lengths(it for it in item.options if it is not best(item))
            longest += own > max(others)
            shortest += own < min(others)
            ratios.append(own / fmean(others))
            if own > TWICE * fmean(others) and own > 60:
                yield f"{item.id}: the key is more than twice as long as the others"
        allowed = max(1.0, (1 / len(items[0].options) + LONGEST_SLACK) * len(items))
        if longest > allowed:
            yield f"{kind}: the key is the longest in {longest} of {len(items)} items, {allowed:.1f} are allowed"
        if shortest > max(1.0, SHORTEST * len(items)):
            yield f"{kind}: the key is the shortest in {shortest} of {len(items)} items"
        if len(items) >= SAME_PLACE and abs(fmean(ratios) - 1) > MEAN_LENGTH:
            yield f"{kind}: keys are {fmean(ratios):.2f} times as long as the other options"


def weights(bank: Bank) -> Iterator[str]:
    """A weighted item uses 1 to 5 once each, and the worth of an option does not show in its length."""
    items = bank.keyed(ItemType.WEIGHTED)
    lengths: defaultdict[int, list[float]] = defaultdict(list)
    for item in items:
        if sorted(it.weight or 0 for it in item.options) != [1, 2, 3, 4, 5]:
            yield f"{item.id}: the weights are not 1 to 5, once each"
        mean = fmean(_lengths(item.options))
        for option in item.options:
            lengths[option.weight or 0].append(_lengths([option])[0] / mean)
    for weight, found in sorted(lengths.items()):
        if len(items) >= 4 * SAME_PLACE and abs(fmean(found) - 1) > WEIGHT_LENGTH:
            yield f"options of weight {weight} are {fmean(found):.2f} times as long as the mean of their item"


def multiples(bank: Bank) -> Iterator[str]:
    """Right options of a multiple choice are about as long as wrong ones, and not always as many."""
    items = bank.keyed(ItemType.MULTIPLE)
    right = [it for item in items for it in _lengths(o for o in item.options if o.correct)]
    wrong = [it for item in items for it in _lengths(o for o in item.options if not o.correct)]
    if len(items) >= SAME_PLACE and abs(fmean(right) / fmean(wrong) - 1) > 2 * MEAN_LENGTH:
        yield f"right options of multiple choices are {fmean(right) / fmean(wrong):.2f} times as long as wrong ones"
    if len(items) >= SAME_PLACE and len({sum(o.correct for o in it.options) for it in items}) == 1:
        yield "every multiple choice has as many right options"


def phrases(bank: Bank) -> Iterator[str]:
    """No option speaks of other options, and absolute words do not give wrong ones away."""
    for item in bank.items:
        for option in item.options:
            if _ALL_OF_THEM.search(_MARKS.sub("", option.text)):
                yield f"{item.id} {option.id}: an option about other options"
        absolute = [it for it in item.options if _ABSOLUTE.search(it.text)]
        if len(absolute) >= 2 and not any(it.correct or it.weight == FULL for it in absolute):
            yield f"{item.id}: absolute words stand in wrong options alone ({', '.join(it.id for it in absolute)})"


def markers(bank: Bank) -> Iterator[str]:
    """The build of a sentence does not tell the best option, nor among weighted ones any other worth."""
    for kind, items in _one_key(bank):
        for name, pattern in MARKERS.items():
            found = Counter(
                it.weight or (FULL if it.correct else 0)
                for item in items
                for it in item.options
                if re.search(pattern, it.text)
            )
            for worth, count in found.items():
                if worth and found.total() >= SEEN and count > GIVEN_AWAY * found.total():
                    yield f"{kind}: {count} of {found.total()} options with '{name}' are worth {worth}"


def twins(bank: Bank) -> Iterator[str]:
    """No two items ask the same, in their stem or in stem and options together."""
    stems = {it.id: frozenset(words(it.stem)) for it in bank.items}
    wholes = {it.id: stems[it.id] | {w for o in it.options for w in words(o.text)} for it in bank.items}
    options = {it.id: frozenset(o.text.lower() for o in it.options) for it in bank.items}
    for one, other in combinations([it.id for it in bank.items], 2):
        if _alike(wholes[one], wholes[other]) > ALIKE_ITEMS or options[one] == options[other]:
            yield f"{one} and {other} are the same item"
        elif len(stems[one]) > 9 and _alike(stems[one], stems[other]) > ALIKE_STEMS:
            yield f"{one} and {other} have the same stem"


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def rationales(bank: Bank) -> Iterator[str]:
    """Every option says why, in more than a word and not in its own words."""
    for item in bank.items:
        for option in item.options:
            if len(option.rationale.split()) < RATIONALE_WORDS or option.rationale == option.text:
                yield f"{item.id} {option.id}: no rationale"


def coverage(bank: Bank) -> Iterator[str]:
    """The bank fills the blueprint: enough items in each cell, none outside, and every taught competency is asked."""
    course = bank.course
    cells = Counter((it.topic, it.competency, it.level) for it in course.exam_items)
    drawn = {(row.topic, row.competency, row.level): row.count for row in course.exam.blueprint}
    for cell, count in drawn.items():
        if cells[cell] < BANK_FACTOR * count:
            yield f"{cell}: {cells[cell]} items for {count} places"
    for cell in cells.keys() - drawn.keys():
        yield f"{cell}: no paper ever draws these {cells[cell]} items"
    for topic in {it.id for it in course.topics} - {it[0] for it in drawn}:
        yield f"topic {topic} is not examined"
    for topic in {it.id for it in course.topics} - {it.topic for it in course.check_items}:
        yield f"topic {topic} is in no check"
    examined = {(it.competency, it.level) for it in course.exam.competencies}
    for taught in {(it.competency, it.level) for it in course.competencies} ^ examined:
        yield f"{taught} is taught or examined alone"
    if {it.difficulty for it in course.exam_items} != {"easy", "medium", "hard"}:
        yield "not every difficulty is there"


def shapes(bank: Bank) -> Iterator[str]:
    """Items of a type have as many options; who is asked for what does not hold sees the word in bold."""
    for item in bank.items:
        if len(item.options) not in OPTION_COUNTS[item.type]:
            yield f"{item.id}: {len(item.options)} options"
        question = _sentences(item.stem)[-1]
        plain = re.sub(r"\*\*[^*]+\*\*", " ", question)
        asked = _ASKED_NOT.search(plain)
        if asked and _NEGATIVE.search(asked.group()):
            yield f"{item.id}: asks for what does not hold without saying so in bold"


def reading(bank: Bank) -> Iterator[str]:
    """Short sentences and few long words, in what is read and in what is asked."""
    for item in bank.items:
        sentences = [len(it.split()) for it in _sentences(item.stem)]
        if fmean(sentences) > STEM_SENTENCE:
            yield f"{item.id}: {fmean(sentences):.0f} words a sentence in the stem"
        for option in item.options:
            if len(option.text.split()) > OPTION_WORDS:
                yield f"{item.id} {option.id}: an option of {len(option.text.split())} words"
    for lesson in bank.course.lessons:
        text = _TAG.sub("", _BLOCK_END.sub("\n", lesson.html))
        sentences = [len(it.split()) for it in _sentences(text) if len(it.split()) >= A_SENTENCE]
        if fmean(sentences) > LESSON_SENTENCE:
            yield f"{lesson.id}: {fmean(sentences):.1f} words a sentence"
        found = words(text)
        share = sum(len(it) >= LONG_WORD for it in found) / len(found)
        if share > LONG_SHARE:
            yield f"{lesson.id}: {share:.1%} of the words are long"


def _sentences(text: str) -> list[str]:
    found = [it.strip() for it in _SENTENCE_END.split(text)]
    return [it for it in found if words(it)] or [text]


RULES: Sequence[Callable[[Bank], Iterator[str]]] = (
    key_places,
    key_lengths,
    weights,
    multiples,
    phrases,
    markers,
    twins,
    rationales,
    coverage,
    shapes,
    reading,
)
