//! What the types that `infer` knows are to us, and what people call them.

use domain::FileType;
use infer::{MatcherType, Type};

/// The end of every refusal.
pub(super) const ACCEPTED: &str = "Upload a PDF, an office document (DOCX, XLSX, PPTX, ODT, ODS, ODP or RTF), a picture (PNG, JPEG, TIFF or WebP), a text (TXT, Markdown, CSV or HTML), an e-mail (EML) or a ZIP archive.";

/// The accepted type of a media type found in binary content.
pub(super) fn accepted(media_type: &str) -> Option<FileType> {
    FileType::from_media_type(media_type).filter(|t| {
        matches!(
            t,
            FileType::Png | FileType::Jpeg | FileType::Tiff | FileType::Webp
        )
    })
}

/// What people call a type that is not accepted.
pub(super) fn spoken(kind: &Type) -> String {
    let family = match kind.matcher_type() {
        MatcherType::App => "a program",
        MatcherType::Archive => "an archive",
        MatcherType::Audio => "a sound recording",
        MatcherType::Book => "an electronic book",
        MatcherType::Doc => "an office document of another kind",
        MatcherType::Font => "a font",
        MatcherType::Image => "a picture of another kind",
        MatcherType::Text => "a text of another kind",
        MatcherType::Video => "a video",
        MatcherType::Custom => "a file of another kind",
    };
    format!("{family} ({})", kind.extension().to_uppercase())
}
