//! From text to word stems.
//!
//! English and German each have their stemmer; other languages are stemmed as English is, which
//! does little, but the same each time. After stemming, accents are folded, so that a stem is the
//! same however it was typed. Letters that text recognition took for digits are letters again.

use crate::stop_words::says_nothing;
use rust_stemmers::{Algorithm, Stemmer};
use whatlang::Lang;

/// The language is clear after this much text.
const DETECT_CHARS: usize = 4_000;
/// Longer "words" are keys and codes.
const MAX_WORD_CHARS: usize = 40;

/// A language that has a stemmer here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// The language of a text.
    pub(crate) fn of(text: &str) -> Self {
        let end = text
            .char_indices()
            .nth(DETECT_CHARS)
            .map_or(text.len(), |(at, _)| at);
        match text.get(..end).and_then(whatlang::detect_lang) {
            Some(Lang::Deu) => Self::German,
            _ => Self::English,
        }
    }

    /// Its stemmer.
    pub(crate) fn stemmer(self) -> Stemmer {
        Stemmer::create(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
        })
    }
}

/// A word that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its stem.
    pub stem: String,
    /// Where it begins in the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// The words of a text that say something, in order.
pub(crate) fn tokens(text: &str, stemmer: &Stemmer) -> Vec<Token> {
    words(text)
        .filter_map(|(start, word)| token(start, word, stemmer))
        .collect()
}

/// Runs of letters and digits, and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    // The distance between two pieces of the same text; `split` gives no positions.
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(move |w| (w.as_ptr() as usize - base, w))
}

fn token(start: usize, word: &str, stemmer: &Stemmer) -> Option<Token> {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let chars = word.chars().count();
    // Two letters are a word only as an abbreviation; mostly digits is a number.
    let abbreviation = chars == 2 && word.chars().all(char::is_uppercase);
    if !(abbreviation || (3..=MAX_WORD_CHARS).contains(&chars)) || letters * 2 <= chars {
        return None;
    }
    let lower = unscanned(word.to_lowercase());
    if says_nothing(&lower) {
        return None;
    }
    Some(Token {
        stem: stem(&lower, stemmer),
        start,
        end: start + word.len(),
    })
}

/// A word of letters with an `o` or an `i` that was read as a digit.
fn unscanned(lower: String) -> String {
    let misread = lower.contains(['0', '1'])
        && !lower
            .chars()
            .any(|c| c.is_numeric() && !matches!(c, '0' | '1'));
    if misread {
        lower.replace('0', "o").replace('1', "i")
    } else {
        lower
    }
}

/// The stem of a word in lower case.
pub(crate) fn stem(lower: &str, stemmer: &Stemmer) -> String {
    stemmer
        .stem(lower)
        .chars()
        .map(fold)
        .collect::<String>()
        .replace('ß', "ss")
}

fn fold(c: char) -> char {
    match c {
        'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' => 'a',
        'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' => 'o',
        'ü' | 'ù' | 'ú' | 'û' => 'u',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ç' => 'c',
        'ñ' => 'n',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str, language: Language) -> Vec<String> {
        tokens(text, &language.stemmer())
            .into_iter()
            .map(|t| t.stem)
            .collect()
    }

    #[test]
    fn tells_english_from_german() {
        assert_eq!(
            Language::of("Anbei erhalten Sie die Abrechnung der Nebenkosten für das Jahr."),
            Language::German
        );
        assert_eq!(
            Language::of("Please find your electricity bill for this month."),
            Language::English
        );
        assert_eq!(Language::of(""), Language::English);
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        assert_eq!(
            stems("Rechnungen Rechnung Ärzte", Language::German),
            ["rechnung", "rechnung", "arzt"]
        );
        assert_eq!(
            stems("invoices Invoice", Language::English),
            ["invoic", "invoic"]
        );
    }

    #[test]
    fn leaves_out_what_says_nothing() {
        assert_eq!(
            stems(
                "the 12.03.2024 x DE89370400440532013000 TV kWh",
                Language::English
            ),
            ["tv", "kwh"]
        );
    }

    #[test]
    fn a_scanned_word_is_read_as_it_was_printed() {
        assert_eq!(
            stems("Pers0nal 1nc0me, Q0A7 F1nanzamt", Language::English),
            stems("personal income, Finanzamt", Language::English)
        );
    }

    #[test]
    fn says_where_a_word_stands() {
        let text = "Für die Müllabfuhr";
        let token = tokens(text, &Language::German.stemmer()).pop().unwrap();
        assert_eq!(&text[token.start..token.end], "Müllabfuhr");
    }
}
