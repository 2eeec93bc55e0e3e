//! The evidence check: do these words stand in this text?
//!
//! White space, case and the shape of quotation marks and dashes do not count, because models
//! change them when they copy. Everything else does.

use std::ops::Range;

/// A longer quote proves nothing more and costs time to look for.
const MAX_QUOTE_CHARS: usize = 1_000;
/// Fewer letters and digits would be found in almost any text.
const MIN_QUOTE_LETTERS: usize = 3;

/// The place in `text` where `quote` stands, in the text's own spelling.
pub fn locate<'a>(text: &'a str, quote: &str) -> Option<&'a str> {
    let wanted = Folded::of(strip(quote)).text;
    let letters = wanted.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < MIN_QUOTE_LETTERS || wanted.chars().count() > MAX_QUOTE_CHARS {
        return None;
    }
    let folded = Folded::of(text);
    let start = folded.text.find(wanted.trim())?;
    text.get(folded.source(start..start + wanted.trim().len())?)
}

/// `text` on one line: every run of white space is one space.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the marks that models put around a quote.
fn strip(quote: &str) -> &str {
    quote.trim_matches(|c: char| {
        c.is_whitespace() || c == '.' || matches!(plain(c), Plain::Char('"' | '\'')) || c == '…'
    })
}

/// A text in the form in which it is compared, and where each byte of it comes from.
struct Folded {
    text: String,
    from: Vec<Range<usize>>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            from: Vec::with_capacity(text.len()),
        };
        for (at, c) in text.char_indices() {
            let from = at..at + c.len_utf8();
            match plain(c) {
                Plain::Nothing => {}
                Plain::Space if folded.text.ends_with(' ') => {}
                Plain::Space => folded.push(' ', &from),
                Plain::Char(c) => c.to_lowercase().for_each(|c| folded.push(c, &from)),
                Plain::Text(chars) => chars.chars().for_each(|c| folded.push(c, &from)),
            }
        }
        folded
    }

    fn push(&mut self, c: char, from: &Range<usize>) {
        self.text.push(c);
        self.from
            .extend(std::iter::repeat_n(from.clone(), c.len_utf8()));
    }

    /// The bytes of the original that these bytes of the folded text come from.
    fn source(&self, folded: Range<usize>) -> Option<Range<usize>> {
        let first = self.from.get(folded.start)?;
        let last = self.from.get(folded.end.checked_sub(1)?)?;
        Some(first.start..last.end)
    }
}

/// What a character counts as.
enum Plain {
    Nothing,
    Space,
    Char(char),
    Text(&'static str),
}

fn plain(c: char) -> Plain {
    match c {
        // Soft hyphen and the characters without width that PDF text is full of.
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => Plain::Nothing,
        '\u{2018}'..='\u{201b}' | '`' | '´' | '′' | '‹' | '›' => Plain::Char('\''),
        '\u{201c}'..='\u{201f}' | '″' | '«' | '»' => Plain::Char('"'),
        '\u{2010}'..='\u{2015}' | '−' => Plain::Char('-'),
        '…' => Plain::Text("..."),
        'ﬀ' => Plain::Text("ff"),
        'ﬁ' => Plain::Text("fi"),
        'ﬂ' => Plain::Text("fl"),
        'ﬃ' => Plain::Text("ffi"),
        'ﬄ' => Plain::Text("ffl"),
        c if c.is_whitespace() => Plain::Space,
        c => Plain::Char(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_the_texts_own_spelling() {
        let text = "Ihre Rechnung:\n  „Strom –  Abschlag\u{a0}Mai“ über 84,00 €";
        assert_eq!(
            locate(text, "\"strom - abschlag mai\" ÜBER"),
            Some("Strom –  Abschlag\u{a0}Mai“ über")
        );
        assert_eq!(locate(text, " “Ihre Rechnung” "), Some("Ihre Rechnung"));
    }

    #[test]
    fn sees_through_what_typesetting_adds() {
        assert_eq!(
            locate("the of\u{ad}fice con\u{fb01}rms", "office confirms"),
            Some("of\u{ad}fice con\u{fb01}rms")
        );
        assert_eq!(locate("wait… and see", "wait... and"), Some("wait… and"));
    }

    #[test]
    fn refuses_what_is_not_there() {
        assert_eq!(locate("Your electricity bill", "electricity invoice"), None);
        assert_eq!(locate("Your electricity bill", ""), None);
        assert_eq!(locate("Your electricity bill", "..."), None);
        assert_eq!(locate("a b c", "a"), None, "too short to prove anything");
        assert_eq!(
            locate("electric bill", "electricbill"),
            None,
            "words are not run together"
        );
    }

    proptest! {
        #[test]
        fn never_panics_and_answers_with_a_piece_of_the_text(text in ".{0,200}", quote in ".{0,40}") {
            if let Some(found) = locate(&text, &quote) {
                prop_assert!(text.contains(found));
            }
        }

        #[test]
        fn every_passage_is_found_however_it_is_spaced(words in prop::collection::vec("[a-zäöü]{3}[a-zäöü€–]{0,6}", 3..30), from in 0usize..20, n in 1usize..8) {
            let text = words.join(" \n");
            let passage: Vec<_> = words.iter().skip(from.min(words.len() - 1)).take(n).map(|w| w.to_uppercase()).collect();
            prop_assert!(locate(&text, &passage.join("\t")).is_some());
        }

        #[test]
        fn a_word_that_is_not_in_the_text_is_never_found(text in "[a-m ]{0,200}", quote in "[n-z]{3,10}") {
            prop_assert_eq!(locate(&text, &quote), None);
        }
    }
}
