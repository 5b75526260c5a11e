"""Questions with one-word answers, made from captions. Knows words only: no pixels, no model."""

from videobert_demo.questions.make import make_questions
from videobert_demo.questions.question import KINDS, Question, as_statement, best_supported, kind_of
from videobert_demo.questions.statements import as_statements
from videobert_demo.questions.suggest import suggest_questions
from videobert_demo.questions.yes_no import make_yes_no

__all__ = [
    "KINDS",
    "Question",
    "as_statement",
    "as_statements",
    "best_supported",
    "kind_of",
    "make_questions",
    "make_yes_no",
    "suggest_questions",
]
