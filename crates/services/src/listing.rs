//! The list of a person's documents.

use crate::{documents::Documents, fault};
use database::{DocumentFilter, Listed, PageStart};
use domain::{
    Caller, Document, DocumentCursor, DocumentStatus, Error, Page, PerPage,
    policy::{Action, authorise_owner},
};

const DEFAULT_PER_PAGE: i64 = 20;

/// One page of documents.
#[derive(Clone, Debug)]
pub struct DocumentPage {
    /// The documents, newest first.
    pub documents: Vec<Document>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page's number; 1 when it was asked for by a cursor.
    pub page: Page,
    /// How many a page has.
    pub per_page: PerPage,
    /// After which document the next page begins; `None` on the last.
    pub next: Option<DocumentCursor>,
}

impl From<DocumentPage> for wire::DocumentList {
    fn from(page: DocumentPage) -> Self {
        let documents = page.documents.into_iter();
        Self {
            documents: documents.map(wire::Document::from).collect(),
            total: page.total,
            page: page.page.get(),
            per_page: page.per_page.get(),
            next_cursor: page.next.map(|next| next.to_string()),
        }
    }
}

impl Documents<'_> {
    /// One page of the caller's documents, newest first.
    ///
    /// # Errors
    /// `Invalid` for a filter, page or cursor that makes no sense.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &wire::DocumentQuery,
    ) -> Result<DocumentPage, Error> {
        let owner = authorise_owner(caller, Action::ReadDocuments)?;
        let page = Page::parse(query.page.unwrap_or(1))?;
        let per_page = PerPage::parse(query.per_page.unwrap_or(DEFAULT_PER_PAGE))?;
        let start = match filled(&query.cursor) {
            Some(cursor) => PageStart::After(cursor.parse()?),
            None => PageStart::Offset(page.offset(per_page)),
        };
        let filter = filter(query)?;
        let database = &self.services.parts.database;
        let Listed { documents, total } = database
            .list_documents(owner, &filter, per_page, start)
            .await
            .map_err(fault::of_database)?;
        let is_full = documents.len() == per_page.get() as usize;
        let next = documents.last().filter(|_| is_full);
        Ok(DocumentPage {
            total,
            page,
            per_page,
            next: next.map(|last| DocumentCursor {
                created_at: last.created_at,
                id: last.id,
            }),
            documents,
        })
    }
}

fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn filter(query: &wire::DocumentQuery) -> Result<DocumentFilter, Error> {
    let status = match filled(&query.status) {
        None => None,
        Some(word) => Some(DocumentStatus::parse(&word).ok_or_else(|| {
            Error::invalid(
                "status",
                "`status` is `pending`, `processing`, `ready` or `failed`.",
            )
        })?),
    };
    let (topic, name) = (filled(&query.topic), filled(&query.name));
    for (field, word) in [("topic", &topic), ("name", &name)] {
        if word.as_ref().is_some_and(|word| word.contains('\0')) {
            return Err(Error::invalid(
                field,
                format!("`{field}` holds no NUL characters."),
            ));
        }
    }
    Ok(DocumentFilter {
        topic,
        status,
        name,
    })
}
