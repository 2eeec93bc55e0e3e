//! The types of file that DocuVault reads, by content; a file's name only says what it claims to be.

use serde::{Deserialize, Serialize};

/// A type of file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// Portable Document Format.
    Pdf,
    /// PNG image.
    Png,
    /// JPEG image.
    Jpeg,
    /// TIFF image, of one page or several.
    Tiff,
    /// WebP image.
    Webp,
    /// Word document (Office Open XML).
    Docx,
    /// Excel workbook (Office Open XML).
    Xlsx,
    /// PowerPoint presentation (Office Open XML).
    Pptx,
    /// Text document (OpenDocument).
    Odt,
    /// Spreadsheet (OpenDocument).
    Ods,
    /// Presentation (OpenDocument).
    Odp,
    /// Rich Text Format.
    Rtf,
    /// Plain text in any encoding.
    Text,
    /// Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// HTML page.
    Html,
    /// E-mail, as programs save it (RFC 5322).
    Eml,
    /// ZIP archive.
    Zip,
}

/// Types that stand in for each other: a name of one member fits content of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// PDF.
    Pdf,
    /// Pictures.
    Image,
    /// Office documents.
    Office,
    /// Everything that is text as it stands.
    Text,
    /// E-mails: their attachments become documents of their own.
    Mail,
    /// Archives: what is in them becomes documents of their own.
    Archive,
}

impl FileType {
    /// Every type, for tests and for the page that lists what is accepted.
    pub const ALL: [Self; 18] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Tiff,
        Self::Webp,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Rtf,
        Self::Text,
        Self::Markdown,
        Self::Csv,
        Self::Html,
        Self::Eml,
        Self::Zip,
    ];

    /// The media type, as stored and sent (RFC 6838).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Rtf => "application/rtf",
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Csv => "text/csv",
            Self::Html => "text/html",
            Self::Eml => "message/rfc822",
            Self::Zip => "application/zip",
        }
    }

    /// The type of a stored media type.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.media_type() == media_type)
    }

    /// The type that a name's extension (lower case, without dot) claims.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "pdf" => Self::Pdf,
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            "tif" | "tiff" => Self::Tiff,
            "webp" => Self::Webp,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "pptx" => Self::Pptx,
            "odt" => Self::Odt,
            "ods" => Self::Ods,
            "odp" => Self::Odp,
            "rtf" => Self::Rtf,
            "txt" | "text" | "log" => Self::Text,
            "md" | "markdown" => Self::Markdown,
            "csv" => Self::Csv,
            "html" | "htm" => Self::Html,
            "eml" => Self::Eml,
            "zip" => Self::Zip,
            _ => return None,
        })
    }

    /// The extension of object keys, with its dot. Chosen by us, never taken from a name.
    pub fn key_extension(self) -> &'static str {
        match self {
            Self::Pdf => ".pdf",
            Self::Png => ".png",
            Self::Jpeg => ".jpg",
            Self::Tiff => ".tiff",
            Self::Webp => ".webp",
            Self::Docx => ".docx",
            Self::Xlsx => ".xlsx",
            Self::Pptx => ".pptx",
            Self::Odt => ".odt",
            Self::Ods => ".ods",
            Self::Odp => ".odp",
            Self::Rtf => ".rtf",
            Self::Text => ".txt",
            Self::Markdown => ".md",
            Self::Csv => ".csv",
            Self::Html => ".html",
            Self::Eml => ".eml",
            Self::Zip => ".zip",
        }
    }

    /// What people call it, with its article: "a PDF", "an HTML page".
    pub fn spoken(self) -> &'static str {
        match self {
            Self::Pdf => "a PDF",
            Self::Png => "a PNG image",
            Self::Jpeg => "a JPEG image",
            Self::Tiff => "a TIFF image",
            Self::Webp => "a WebP image",
            Self::Docx => "a Word document",
            Self::Xlsx => "an Excel workbook",
            Self::Pptx => "a PowerPoint presentation",
            Self::Odt => "an OpenDocument text",
            Self::Ods => "an OpenDocument spreadsheet",
            Self::Odp => "an OpenDocument presentation",
            Self::Rtf => "a rich text document",
            Self::Text => "plain text",
            Self::Markdown => "a Markdown text",
            Self::Csv => "a CSV table",
            Self::Html => "an HTML page",
            Self::Eml => "an e-mail",
            Self::Zip => "a ZIP archive",
        }
    }

    /// The family it belongs to.
    pub fn family(self) -> Family {
        match self {
            Self::Pdf => Family::Pdf,
            Self::Png | Self::Jpeg | Self::Tiff | Self::Webp => Family::Image,
            Self::Docx
            | Self::Xlsx
            | Self::Pptx
            | Self::Odt
            | Self::Ods
            | Self::Odp
            | Self::Rtf => Family::Office,
            Self::Text | Self::Markdown | Self::Csv | Self::Html => Family::Text,
            Self::Eml => Family::Mail,
            Self::Zip => Family::Archive,
        }
    }

    /// Whether a browser may show the bytes on our own origin. Everything else is sent as an
    /// attachment; HTML in particular could carry scripts.
    pub fn shown_inline(self) -> bool {
        matches!(self, Self::Pdf | Self::Png | Self::Jpeg | Self::Webp)
    }
}
