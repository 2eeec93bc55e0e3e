//! The part of a long text that a provider sees: its head and its tail.
//!
//! What a document is stands at its beginning; sums, names and signatures stand at its end.

/// How much text `local` looks at. It costs no tokens, so it may see more than a model.
pub(crate) const LOCAL_TEXT_CHARS: usize = 40_000;

/// Stands for the part that was left out.
const GAP: &str = "\n[...]\n";

/// A text, or its head and its tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt<'a> {
    head: &'a str,
    tail: &'a str,
}

impl<'a> Excerpt<'a> {
    /// At most `max_chars` characters of `text`: two thirds from its head, the rest from its tail.
    pub(crate) fn of(text: &'a str, max_chars: usize) -> Self {
        let total = text.chars().count();
        if total <= max_chars {
            return Self {
                head: text,
                tail: "",
            };
        }
        let tail_chars = max_chars / 3;
        let (head, rest) = text.split_at(offset(text, max_chars - tail_chars));
        let left_out = total - max_chars;
        let (_, tail) = rest.split_at(offset(rest, left_out));
        Self { head, tail }
    }

    /// The pieces; the second is empty when the text is whole.
    pub(crate) fn parts(&self) -> [&'a str; 2] {
        [self.head, self.tail]
    }

    /// The pieces as one text, with a mark where something was left out.
    pub(crate) fn joined(&self) -> String {
        if self.tail.is_empty() {
            return self.head.to_owned();
        }
        [self.head, GAP, self.tail].concat()
    }
}

/// The byte at which the character number `chars` begins.
fn offset(text: &str, chars: usize) -> usize {
    text.char_indices()
        .nth(chars)
        .map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_whole() {
        let excerpt = Excerpt::of("Müller", 6);
        assert_eq!(excerpt.parts(), ["Müller", ""]);
        assert_eq!(excerpt.joined(), "Müller");
    }

    #[test]
    fn a_long_text_keeps_its_head_and_its_tail() {
        let excerpt = Excerpt::of("ääääööööüüüü", 6);
        assert_eq!(excerpt.parts(), ["ääää", "üü"]);
        assert_eq!(excerpt.joined(), "ääää\n[...]\nüü");
    }

    #[test]
    fn a_limit_of_nothing_leaves_nothing() {
        assert_eq!(Excerpt::of("abc", 0).joined(), "");
    }
}
