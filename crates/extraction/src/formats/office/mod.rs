//! Office documents that are XML in a ZIP archive: OpenDocument, and Office Open XML but for Word.

mod numbers;
mod odf;
mod odf_sheets;
mod package;
mod pptx;
mod relations;
mod strings;
mod xlsx;
mod xml;

pub(super) use odf::{read_presentation, read_text};
pub(super) use odf_sheets::read as read_spreadsheet;
pub(super) use pptx::read as read_pptx;
pub(super) use xlsx::read as read_xlsx;
