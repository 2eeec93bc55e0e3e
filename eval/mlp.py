"""What paperless-ngx files with, on the same draws: scikit-learn's CountVectorizer and MLPClassifier.

As there: lower-case words, single and in pairs, those in at least one of a hundred documents; a
multi-layer perceptron with a tolerance of 0.01, trained anew each time. Once as it is used for a
document's type (one label, or none), once as for tags (any number of labels; right when the one
label is the topic). Texts of no topic are in its training too, as documents without a label are there.
Stop words and stems of NLTK are left out: they need a download, and one language for all documents.
"""

import json
import re
import sys
import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import MultiLabelBinarizer

WORD = re.compile(r"\b[\w]+\b")
NO_TOPIC = -1


def prepared(text):
    return " ".join(match.group().lower() for match in WORD.finditer(text))


def as_type(learn, topics, ask):
    classifier = MLPClassifier(tol=0.01, random_state=0).fit(learn, topics)
    return [{int(topic)} - {NO_TOPIC} for topic in classifier.predict(ask)]


def as_tags(learn, topics, ask):
    binarizer = MultiLabelBinarizer()
    labels = binarizer.fit_transform([{topic} - {NO_TOPIC} for topic in topics])
    classifier = MLPClassifier(tol=0.01, random_state=0).fit(learn, labels)
    return [set(tags) for tags in binarizer.inverse_transform(classifier.predict(ask))]


def tally(answers, expected):
    asked = [(a, e) for a, e in zip(answers, expected) if e != NO_TOPIC]
    of_none = [a for a, e in zip(answers, expected) if e == NO_TOPIC]
    right = sum(a == {e} for a, e in asked)
    return {
        "asked": len(asked),
        "right": right,
        "wrong": sum(bool(a) for a, _ in asked) - right,
        "of_none": len(of_none),
        "of_none_filed": sum(bool(a) for a in of_none),
    }


def label(text):
    return NO_TOPIC if text["topic"] is None else text["topic"]


def compare(given):
    expected = [label(text) for text in given["held_out"]]
    compared = []
    for name, classify in (("as a type", as_type), ("as tags", as_tags)):
        curve = {}
        for draw in given["draws"]:
            vectorizer = CountVectorizer(analyzer="word", ngram_range=(1, 2), min_df=0.01)
            learn = vectorizer.fit_transform(prepared(text["text"]) for text in draw["learn"])
            ask = vectorizer.transform(prepared(text["text"]) for text in given["held_out"])
            answers = classify(learn, [label(text) for text in draw["learn"]], ask)
            total = curve.setdefault(draw["examples"], {})
            for key, count in tally(answers, expected).items():
                total[key] = total.get(key, 0) + count
        compared.append({
            "name": f"CountVectorizer + MLPClassifier, {name}",
            "curve": [{"examples": n, "tally": counts} for n, counts in curve.items()],
        })
    return compared


def main(source, target):
    warnings.simplefilter("ignore", ConvergenceWarning)
    with open(source, encoding="utf-8") as file:
        collections = json.load(file)
    compared = {name: compare(given) for name, given in collections.items()}
    with open(target, "w", encoding="utf-8") as file:
        json.dump(compared, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
