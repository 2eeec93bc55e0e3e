//! E-mails: texts that begin with headers.

use domain::FileType;

/// Headers that are looked at.
const LOOKED_AT: usize = 100;

/// Headers that every e-mail has at least one of.
const USUAL: [&str; 4] = ["from", "date", "subject", "to"];

/// Headers that nobody writes into a text by hand.
const TELLING: [&str; 5] = [
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "delivered-to",
];

/// Whether a text is an e-mail. One that is named as another kind of text is taken at its word: people
/// keep e-mails as texts.
pub(super) fn is_mail(text: &str, claimed: Option<FileType>) -> bool {
    if claimed.is_some_and(|named| named.family() == domain::Family::Text) {
        return false;
    }
    let names: Vec<String> = header_names(text).collect();
    let any = |known: &[&str]| names.iter().any(|name| known.contains(&name.as_str()));
    any(&USUAL) && (claimed == Some(FileType::Eml) || any(&TELLING))
}

/// The names of the headers at the start of a text, in lower case.
fn header_names(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .take(LOOKED_AT)
        .take_while(|line| !line.is_empty())
        // A line that begins with a space belongs to the header before it.
        .filter(|line| !line.starts_with([' ', '\t']))
        .map_while(|line| {
            let (name, _) = line.split_once(':')?;
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
            is_name.then(|| name.to_ascii_lowercase())
        })
}
