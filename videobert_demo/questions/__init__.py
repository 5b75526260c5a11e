"""Questions with one-word answers, made from captions. Knows words only; knows no pixels and no model."""

from videobert_demo.questions.labels import ask_of_label
from videobert_demo.questions.make import make_questions
from videobert_demo.questions.question import QUESTION_TYPES, Question, as_statement, best_supported, question_type_of
from videobert_demo.questions.statements import as_statements
from videobert_demo.questions.suggest import suggest_questions
from videobert_demo.questions.yes_no import make_yes_no

__all__ = [
    "QUESTION_TYPES",
    "Question",
    "as_statement",
    "as_statements",
    "ask_of_label",
    "best_supported",
    "make_questions",
    "make_yes_no",
    "question_type_of",
    "suggest_questions",
]
