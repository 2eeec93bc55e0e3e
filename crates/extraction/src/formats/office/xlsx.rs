//! Excel workbooks: rows as lines, cells divided by tabs, each sheet on pages of its own.

use super::super::{
    Content, Job,
    collect::{Flow, Pages},
};
use super::numbers::Styles;
use super::package::Package;
use super::relations::Relations;
use super::strings::Strings;
use super::xml::{Element, Token};
use crate::Failure;

/// Sheets of one workbook.
const MAX_SHEETS: usize = 2_000;
/// Cells of one workbook.
const MAX_CELLS: usize = 2_000_000;

struct Sheet {
    name: String,
    relation: String,
}

pub(in super::super) fn read(job: &Job) -> Result<Content, Failure> {
    let mut package = Package::open(job, "workbook")?;
    let relations = Relations::of(&mut package, "xl", "workbook.xml")?;
    let mut styles = Styles::read(&mut package)?;
    let (sheets, from_1904) = sheets(&mut package)?;
    styles.from_1904 = from_1904;
    let strings = Strings::read(&mut package, job)?;
    let mut pages = Pages::new(job);
    if strings.cut {
        pages.miss();
    }
    let mut cells = 0;
    for sheet in &sheets {
        if pages.push(&format!("{}\n", sheet.name)).is_break() {
            break;
        }
        let mut rows = Rows {
            pages: &mut pages,
            strings: &strings,
            styles: &styles,
            cell: Cell::default(),
            in_value: false,
            row_begun: false,
            cells: &mut cells,
        };
        let target = relations.target(&sheet.relation).unwrap_or_default();
        // Charts stand among the sheets, and have no cells.
        let _found = package.walk(target, |token| rows.take(&token))?;
        if pages.left() == 0 || pages.turn().is_break() {
            break;
        }
    }
    Ok(pages.into_cut_pages())
}

fn sheets(package: &mut Package) -> Result<(Vec<Sheet>, bool), Failure> {
    let mut sheets = Vec::new();
    let mut from_1904 = false;
    package.walk_required("xl/workbook.xml", |token| {
        if let Token::Open(element) = token {
            match element.name() {
                "workbookPr" => {
                    let date_1904 = element.attribute("date1904");
                    from_1904 = matches!(date_1904.as_deref(), Some("1" | "true"));
                }
                "sheet" => sheets.push(Sheet {
                    name: element.attribute("name").unwrap_or_default(),
                    relation: element.prefixed("id").unwrap_or_default(),
                }),
                _ => {}
            }
        }
        if sheets.len() >= MAX_SHEETS {
            return Flow::Break(());
        }
        Flow::Continue(())
    })?;
    Ok((sheets, from_1904))
}

#[derive(Default)]
struct Cell {
    kind: String,
    style: Option<usize>,
    value: String,
}

struct Rows<'a> {
    pages: &'a mut Pages,
    strings: &'a Strings,
    styles: &'a Styles,
    cell: Cell,
    in_value: bool,
    row_begun: bool,
    cells: &'a mut usize,
}

impl Rows<'_> {
    fn take(&mut self, token: &Token<'_>) -> Flow {
        match token {
            Token::Open(element) => return self.open(element),
            Token::Text(text) => {
                if self.in_value && self.cell.value.len() < self.pages.left() {
                    self.cell.value.push_str(text);
                }
            }
            Token::Close("v" | "t") => self.in_value = false,
            Token::Close("c") => return self.end_cell(),
            Token::Close("row") if self.row_begun => {
                self.row_begun = false;
                return self.pages.push("\n");
            }
            Token::Close("sheetData") => return Flow::Break(()),
            Token::Close(_) => {}
        }
        Flow::Continue(())
    }

    fn open(&mut self, element: &Element<'_>) -> Flow {
        match element.name() {
            "c" => {
                *self.cells += 1;
                if *self.cells > MAX_CELLS {
                    return self.pages.cut();
                }
                self.cell = Cell {
                    kind: element.attribute("t").unwrap_or_default(),
                    style: element.attribute("s").and_then(|s| s.parse().ok()),
                    value: String::new(),
                };
            }
            // A value, or a text that stands in the cell itself.
            "v" | "t" => self.in_value = true,
            _ => {}
        }
        Flow::Continue(())
    }

    fn end_cell(&mut self) -> Flow {
        let cell = std::mem::take(&mut self.cell);
        let shown = match cell.kind.as_str() {
            "s" => {
                let number = cell.value.trim().parse().ok();
                let text = number.and_then(|number| self.strings.get(number));
                text.unwrap_or_default().to_owned()
            }
            "b" => if cell.value.trim() == "1" {
                "TRUE"
            } else {
                "FALSE"
            }
            .to_owned(),
            "" | "n" => self.styles.shown(&cell.value, cell.style),
            _ => cell.value,
        };
        let shown = shown.trim();
        if shown.is_empty() {
            return Flow::Continue(());
        }
        if std::mem::replace(&mut self.row_begun, true) {
            self.pages.push("\t")?;
        }
        self.pages.push(&shown.replace(['\n', '\t'], " "))
    }
}
