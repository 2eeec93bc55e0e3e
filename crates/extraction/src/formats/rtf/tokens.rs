//! The pieces that rich text consists of.

/// The longest control word; the standard's own limit is 32 letters.
const MAX_WORD: usize = 64;

/// One piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Open,
    Close,
    /// `\par`, or `\u8364` with its number.
    Word(&'a str, Option<i32>),
    /// `\~`: a control character that is no letter.
    Symbol(u8),
    /// `\'e4`, or a byte as it stands.
    Byte(u8),
}

/// Takes the next piece off `rest`.
pub(super) fn next<'a>(rest: &mut &'a [u8]) -> Option<Piece<'a>> {
    loop {
        let (&first, after) = rest.split_first()?;
        *rest = after;
        match first {
            b'{' => return Some(Piece::Open),
            b'}' => return Some(Piece::Close),
            b'\\' => return Some(control(rest)),
            // How the file is laid out, not the text.
            b'\r' | b'\n' => {}
            byte => return Some(Piece::Byte(byte)),
        }
    }
}

fn control<'a>(rest: &mut &'a [u8]) -> Piece<'a> {
    let letters = rest
        .iter()
        .take(MAX_WORD)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if letters == 0 {
        return symbol(rest);
    }
    let word = take(rest, letters);
    let digits = rest
        .iter()
        .enumerate()
        .take(11)
        .take_while(|(at, byte)| byte.is_ascii_digit() || (*at == 0 && **byte == b'-'))
        .count();
    let number = std::str::from_utf8(take(rest, digits))
        .ok()
        .and_then(|digits| digits.parse().ok());
    // One space belongs to the word.
    if rest.first() == Some(&b' ') {
        take(rest, 1);
    }
    Piece::Word(std::str::from_utf8(word).unwrap_or_default(), number)
}

fn symbol<'a>(rest: &mut &'a [u8]) -> Piece<'a> {
    match take(rest, 1) {
        [b'\''] => {
            let digits = std::str::from_utf8(take(rest, 2)).unwrap_or_default();
            // What is no number is a hole in the text.
            Piece::Byte(u8::from_str_radix(digits, 16).unwrap_or(b'?'))
        }
        // A line end after a backslash is a paragraph's end.
        [b'\r' | b'\n'] => Piece::Word("par", None),
        [symbol] => Piece::Symbol(*symbol),
        _ => Piece::Symbol(b' '),
    }
}

/// Takes off so many bytes, or what is there.
pub(super) fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, after) = rest.split_at(count.min(rest.len()));
    *rest = after;
    taken
}
