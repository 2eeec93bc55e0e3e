//! From pieces to text. Groups are a list and no recursion, so depth costs a limit and no stack.

use super::super::collect::{Flow, Pages};
use super::encodings::{of_character_set, of_code_page};
use super::tokens::{Piece, next, take};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::HashMap;

/// Groups within groups. Office programs stay below fifty.
const MAX_DEPTH: usize = 1000;
/// Fonts that are remembered.
const MAX_FONTS: usize = 4096;
/// Bytes that are collected before they are decoded.
const MAX_PENDING: usize = 64 << 10;

/// Why a text can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    TooDeep,
    Incomplete,
}

/// What a group inherits from the one around it.
#[derive(Clone, Copy)]
struct Group {
    /// Nothing in it is text.
    hidden: bool,
    /// It describes fonts.
    fonts: bool,
    encoding: &'static Encoding,
    /// How many characters stand in for one in Unicode, for readers that don't know that.
    stand_ins: usize,
}

pub(super) struct Reader<'p> {
    pages: &'p mut Pages,
    group: Group,
    around: Vec<Group>,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    document: &'static Encoding,
    /// Bytes of the present encoding that are not decoded yet.
    pending: Vec<u8>,
    /// The first half of a character that takes two.
    high: Option<u16>,
    to_skip: usize,
    /// Whether the group has just begun with `\*`: an unknown word then hides it.
    optional: bool,
}

impl<'p> Reader<'p> {
    pub fn new(pages: &'p mut Pages) -> Self {
        Self {
            pages,
            group: Group {
                hidden: false,
                fonts: false,
                encoding: WINDOWS_1252,
                stand_ins: 1,
            },
            around: Vec::new(),
            fonts: HashMap::new(),
            font: 0,
            document: WINDOWS_1252,
            pending: Vec::new(),
            high: None,
            to_skip: 0,
            optional: false,
        }
    }

    pub fn read(mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut rest = bytes;
        while let Some(piece) = next(&mut rest) {
            let flow = match piece {
                Piece::Open => {
                    if self.around.len() >= MAX_DEPTH {
                        return Err(Trouble::TooDeep);
                    }
                    self.to_skip = 0;
                    let flow = self.flush();
                    self.around.push(self.group);
                    flow
                }
                Piece::Close => match self.close() {
                    // What stands after the last group is not the document's.
                    Some(_) if self.around.is_empty() => return Ok(()),
                    Some(flow) => flow,
                    None => return Err(Trouble::Incomplete),
                },
                Piece::Word("bin", number) => {
                    let count = number.and_then(|n| usize::try_from(n).ok());
                    take(&mut rest, count.unwrap_or_default());
                    Flow::Continue(())
                }
                Piece::Word(word, number) => self.word(word, number),
                Piece::Symbol(symbol) => self.symbol(symbol),
                Piece::Byte(byte) => self.byte(byte),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        let _all_that_there_is = self.flush();
        Err(Trouble::Incomplete)
    }

    fn close(&mut self) -> Option<Flow> {
        let flow = self.flush();
        self.optional = false;
        self.to_skip = 0;
        self.group = self.around.pop()?;
        Some(flow)
    }

    fn word(&mut self, word: &str, number: Option<i32>) -> Flow {
        let optional = std::mem::take(&mut self.optional);
        self.to_skip = 0;
        match word {
            "u" => return self.unicode(number.unwrap_or_default()),
            "uc" => {
                let count = number.and_then(|n| usize::try_from(n).ok());
                self.group.stand_ins = count.unwrap_or(1).min(16);
            }
            "ansicpg" => self.set_document(number.unwrap_or_default())?,
            "f" => self.set_font(number.unwrap_or_default())?,
            "fcharset" if self.group.fonts => self.describe_font(number.unwrap_or_default()),
            "fonttbl" => {
                self.flush()?;
                self.group.fonts = true;
                self.group.hidden = true;
            }
            word if is_hidden(word) || (optional && !is_text_group(word)) => {
                self.flush()?;
                self.group.hidden = true;
            }
            word => return self.mark(word),
        }
        Flow::Continue(())
    }

    /// Words that are characters.
    fn mark(&mut self, word: &str) -> Flow {
        let text = match word {
            "par" | "line" | "row" | "sect" | "page" | "column" | "nestrow" => "\n",
            "tab" | "cell" | "nestcell" => "\t",
            "emdash" => "—",
            "endash" => "–",
            "bullet" => "•",
            "lquote" => "‘",
            "rquote" => "’",
            "ldblquote" => "“",
            "rdblquote" => "”",
            "emspace" | "enspace" => " ",
            _ => return Flow::Continue(()),
        };
        self.write(text)
    }

    fn symbol(&mut self, symbol: u8) -> Flow {
        match symbol {
            b'*' => {
                self.optional = true;
                Flow::Continue(())
            }
            b'~' => self.write("\u{a0}"),
            b'_' => self.write("-"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\t' => self.write("\t"),
            _ => Flow::Continue(()),
        }
    }

    fn byte(&mut self, byte: u8) -> Flow {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return Flow::Continue(());
        }
        if self.group.hidden {
            return Flow::Continue(());
        }
        self.pending.push(byte);
        if self.pending.len() >= MAX_PENDING {
            return self.flush();
        }
        Flow::Continue(())
    }

    /// Code units of UTF-16, written as signed numbers; what stands in for each is passed over.
    fn unicode(&mut self, number: i32) -> Flow {
        self.to_skip = self.group.stand_ins;
        let Ok(unit) = u16::try_from(number.rem_euclid(0x1_0000)) else {
            return Flow::Continue(());
        };
        if self.group.hidden {
            return Flow::Continue(());
        }
        let units: Vec<u16> = match (self.high.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.flush()?;
                self.high = Some(unit);
                return Flow::Continue(());
            }
            (Some(high), unit) => vec![high, unit],
            (None, unit) => vec![unit],
        };
        let text: String = char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        self.write(&text)
    }

    fn set_document(&mut self, code_page: i32) -> Flow {
        self.flush()?;
        self.document = of_code_page(code_page);
        self.group.encoding = self.document;
        Flow::Continue(())
    }

    fn set_font(&mut self, font: i32) -> Flow {
        self.font = font;
        if self.group.fonts {
            return Flow::Continue(());
        }
        self.flush()?;
        self.group.encoding = self.fonts.get(&font).copied().unwrap_or(self.document);
        Flow::Continue(())
    }

    fn describe_font(&mut self, set: i32) {
        // 0 is what fonts for Western Europe say in documents of every code page.
        if set != 0
            && self.fonts.len() < MAX_FONTS
            && let Some(encoding) = of_character_set(set)
        {
            self.fonts.insert(self.font, encoding);
        }
    }

    fn write(&mut self, text: &str) -> Flow {
        if self.group.hidden {
            return Flow::Continue(());
        }
        self.flush()?;
        self.pages.push(text)
    }

    fn flush(&mut self) -> Flow {
        if self.pending.is_empty() {
            return Flow::Continue(());
        }
        let bytes = std::mem::take(&mut self.pending);
        let text = self.group.encoding.decode_without_bom_handling(&bytes).0;
        self.pages.push(&text)
    }
}

/// Groups whose content is not text.
fn is_hidden(word: &str) -> bool {
    matches!(
        word,
        "colortbl"
            | "stylesheet"
            | "info"
            | "pict"
            | "object"
            | "objdata"
            | "fldinst"
            | "datafield"
            | "themedata"
            | "listtable"
            | "listoverridetable"
            | "rsidtbl"
            | "generator"
            | "xmlnstbl"
            | "datastore"
            | "latentstyles"
            | "filetbl"
            | "revtbl"
            | "nonshppict"
            | "bkmkstart"
            | "bkmkend"
            | "template"
            | "mmathPr"
    )
}

/// Groups that older readers may pass over, and whose content is text all the same.
fn is_text_group(word: &str) -> bool {
    matches!(
        word,
        "shptxt" | "shpinst" | "footnote" | "annotation" | "nesttableprops" | "ud"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(rtf: &[u8]) -> Result<String, Trouble> {
        let mut pages = Pages::within(10_000, 100);
        Reader::new(&mut pages).read(rtf)?;
        Ok(pages.into_cut_pages().pages.join("\n"))
    }

    fn text(rtf: &str) -> String {
        read(rtf.as_bytes()).expect("sound")
    }

    #[test]
    fn words_stay_and_looks_go() {
        let rtf = r"{\rtf1\ansi{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red255\green0\blue0;}{\*\generator X;}
\f0\fs24 Dear {\b reader},\par
the {\i rent}\tab 612\'2c00 \u8364?\par}";
        assert_eq!(text(rtf), "Dear reader,\nthe rent\t612,00 €");
    }

    #[test]
    fn encodings_are_those_of_document_and_font() {
        assert_eq!(text(r"{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe}"), "Grüße");
        assert_eq!(
            text(r"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}"),
            "Привет"
        );
        assert_eq!(
            text(
                r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f0 Gr\'fcn {\f1\'cf\'f0} \'fc}"
            ),
            "Grün Пр ü"
        );
        assert_eq!(text(r"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}"), "日本");
    }

    #[test]
    fn unicode_passes_over_its_stand_ins() {
        assert_eq!(text(r"{\rtf1\uc1 a\u-10179?\u-8704?b}"), "a😀b");
        assert_eq!(text(r"{\rtf1\uc2\u228 ae!}"), "ä!");
        assert_eq!(text(r"{\rtf1\uc0\u228 e}"), "äe");
        assert_eq!(text(r"{\rtf1\u55296?x}"), "x");
    }

    #[test]
    fn tables_have_rows_and_pictures_nothing() {
        assert_eq!(
            text(r"{\rtf1 a\cell b\cell\row c{\pict\pngblip 89504e47}d}"),
            "a\tb\t\ncd"
        );
        assert_eq!(text("{\\rtf1 a{\\pict\\bin4 }}{}}b}"), "ab");
        assert_eq!(
            text(r"{\rtf1 {\field{\*\fldinst HYPERLINK x}{\fldrslt here}}}"),
            "here"
        );
    }

    #[test]
    fn depth_and_ends_are_looked_at() {
        assert_eq!(read("{".repeat(100_000).as_bytes()), Err(Trouble::TooDeep));
        assert_eq!(read(br"{\rtf1 cut o"), Err(Trouble::Incomplete));
        assert_eq!(read(br"{\rtf1 whole}}}} rubbish").as_deref(), Ok("whole"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _either = read(&bytes);
            let _either = read(&[b"{\\rtf1 ", &bytes[..]].concat());
        }

        #[test]
        fn any_pieces_end(pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "\\par ", "\\'", "\\'e4", "\\'zz", "\\u8364", "\\u-1 ", "\\u99999999999", "\\uc9", "\\bin", "\\bin4 ",
            "\\bin-4", "\\*", "\\fonttbl", "\\f1", "\\fcharset204", "\\ansicpg932", "\\pict", "text", "\\", "\\\n", "ä", "\\-",
        ]), 0..60)) {
            let _either = read(pieces.concat().as_bytes());
        }

        #[test]
        fn plain_words_stay(words in "[a-z ]{0,80}") {
            let read = text(&format!("{{\\rtf1 {words}}}"));
            prop_assert_eq!(read.trim(), words.trim());
        }
    }
}
