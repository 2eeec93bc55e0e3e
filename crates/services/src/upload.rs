//! Uploads: bytes stream to the object store while they are hashed, counted and looked at; then one
//! statement writes the document and its job (see [`together`]). What is refused or cancelled leaves
//! nothing behind.

pub(crate) mod together;

use crate::{Services, fault, quotas};
use bytes::Bytes;
use database::Upload;
use domain::{
    AuditEvent, Caller, Document, DocumentId, Error, FileName, FileType, JobId, Kind, NewDocument,
    UserId,
    policy::{Action, authorise_owner},
};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use multer::{Field, Multipart};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use together::Refused;
use uuid::Uuid;

/// How many parts a form may have.
const MAX_PARTS: usize = 16;

/// How long a field other than the file may be, in bytes.
const MAX_FIELD_BYTES: usize = 1024;

/// What a form may have beside the file's own bytes: boundaries, part headers, small fields.
const FORM_OVERHEAD_BYTES: u64 = 64 * 1024;

/// From this size on it is asked beforehand whether there is room. Anything smaller has been sent before
/// an answer could stop it, and the count decides in the end.
const WORTH_REFUSING_EARLY: u64 = 1024 * 1024;

/// The form in a request's body.
///
/// Between two pieces the parser has to wait a moment. Left to itself it reads on for as long as
/// there is something to read: it would hold whatever a fast client sends faster than it is stored,
/// and take a form that comes whole, but a little late, for one that was cut off.
pub fn upload_form<E>(
    body: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    boundary: impl Into<String>,
) -> Multipart<'static>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send + 'static,
{
    let body = Box::pin(body);
    let one_at_a_time = stream::unfold((body, false), |(mut body, wait)| async move {
        if wait {
            tokio::task::yield_now().await;
        }
        let piece = body.next().await?;
        Some((piece, (body, true)))
    });
    Multipart::new(one_at_a_time, boundary)
}

/// The use case of uploading.
pub struct Uploads<'a> {
    pub(crate) services: &'a Services,
}

impl Uploads<'_> {
    /// Stores the one file of a form (`file`, and optionally `auto_classify`, in any order) as a new
    /// document, and schedules its reading.
    ///
    /// Runs to its end even when the request goes away: the form then ends in an error, and what was
    /// stored is removed.
    ///
    /// # Errors
    /// `TooLarge`, `UnsupportedType`, `Invalid`, `BadRequest`, or `Unavailable`; then nothing is left behind.
    pub async fn from_form(
        &self,
        caller: &Caller,
        form: Multipart<'static>,
        content_length: Option<u64>,
    ) -> Result<Document, Error> {
        let owner = authorise_owner(caller, Action::WriteDocuments)?;
        let limit = self.services.parts.max_upload_bytes;
        if content_length.is_some_and(|length| length > limit.saturating_add(FORM_OVERHEAD_BYTES)) {
            return Err(too_large(limit));
        }
        let announced = content_length.unwrap_or_default();
        if announced > WORTH_REFUSING_EARLY {
            self.services
                .quotas()
                .check_room(owner, announced.saturating_sub(FORM_OVERHEAD_BYTES))
                .await?;
        }
        let receiving = Receiving {
            services: self.services.clone(),
            caller: caller.clone(),
            owner,
        };
        self.services
            .tasks
            .spawn(receiving.run(form))
            .await
            .unwrap_or_else(|error| {
                tracing::error!(%error, "an upload's task ended badly");
                Err(Error::internal())
            })
    }
}

fn too_large(limit: u64) -> Error {
    let mebibytes = limit / (1024 * 1024);
    let shown = if mebibytes == 0 {
        format!("{limit} bytes")
    } else {
        format!("{mebibytes} MiB")
    };
    Error::new(
        Kind::TooLarge,
        "file_too_large",
        format!("The file is larger than {shown}, the most that this vault takes."),
    )
}

fn broken_form(error: multer::Error) -> Error {
    tracing::debug!(%error, "a form could not be read");
    Error::new(
        Kind::BadRequest,
        "broken_form",
        "The upload did not arrive whole, or is not a multipart form. Nothing was kept; upload the file again.",
    )
}

/// A file whose bytes are in the object store and whose row is not written yet.
struct Stored {
    id: DocumentId,
    filename: FileName,
    file_type: FileType,
    object_key: String,
    size_bytes: u64,
    sha256: domain::Sha256,
}

struct Receiving {
    services: Services,
    caller: Caller,
    owner: UserId,
}

impl Receiving {
    async fn run(self, mut form: Multipart<'static>) -> Result<Document, Error> {
        let mut stored = None;
        match self.read_form(&mut form, &mut stored).await {
            Ok(auto_classify) => self.commit(stored, auto_classify).await,
            Err(error) => {
                if let Some(stored) = stored {
                    self.services.discard(&stored.object_key).await;
                }
                Err(error)
            }
        }
    }

    /// Reads every part; gives `auto_classify`.
    async fn read_form(
        &self,
        form: &mut Multipart<'static>,
        stored: &mut Option<Stored>,
    ) -> Result<bool, Error> {
        let mut auto_classify = true;
        for _ in 0..MAX_PARTS {
            let Some(field) = form.next_field().await.map_err(broken_form)? else {
                return Ok(auto_classify);
            };
            match field.name() {
                Some("file") if stored.is_some() => {
                    return Err(Error::invalid("file", "Upload one file at a time."));
                }
                Some("file") => *stored = Some(self.store(field).await?),
                Some("auto_classify") => auto_classify = truth(&short_text(field).await?)?,
                _ => drop(short_text(field).await?),
            }
        }
        Err(Error::new(
            Kind::BadRequest,
            "broken_form",
            "The form has too many parts.",
        ))
    }

    async fn store(&self, mut field: Field<'static>) -> Result<Stored, Error> {
        let filename = FileName::parse(&unescaped(field.file_name().unwrap_or_default()))?;
        let head = first_pieces(&mut field).await?;
        let file_type = extraction::sniff(&head.concat(), &filename).map_err(|refused| {
            Error::new(Kind::UnsupportedType, "unsupported_type", refused.detail)
        })?;
        let id = DocumentId(Uuid::now_v7());
        let object_key = format!(
            "{}/{id}/{}{}",
            self.owner,
            Uuid::new_v4(),
            file_type.key_extension()
        );

        let meter = Arc::new(Mutex::new(Meter::new(self.services.parts.max_upload_bytes)));
        let measured = Arc::clone(&meter);
        let body = stream::iter(head.into_iter().map(Ok))
            .chain(field.map_err(broken_form))
            .map(move |piece| {
                let piece = piece.map_err(storage::Error::Source)?;
                measured
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .take(&piece)
                    .map_err(storage::Error::Source)?;
                Ok(piece)
            })
            .boxed();
        let storage = &self.services.parts.storage;
        if let Err(error) = storage.put(&object_key, file_type.media_type(), body).await {
            if let storage::Error::Unavailable(_) = error {
                // It may have stored the object and lost the answer.
                self.services.discard_beside(object_key);
            }
            return Err(fault::of_storage(error));
        }
        let meter = meter.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Stored {
            id,
            filename,
            file_type,
            object_key,
            size_bytes: meter.size,
            sha256: meter.digest(),
        })
    }

    async fn commit(&self, stored: Option<Stored>, auto_classify: bool) -> Result<Document, Error> {
        let stored = stored.ok_or_else(|| Error::invalid("file", "Choose a file to upload."))?;
        let new = NewDocument {
            id: stored.id,
            owner: self.owner,
            filename: stored.filename,
            object_key: stored.object_key,
            content_type: stored.file_type.media_type(),
            size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
            sha256: stored.sha256,
            auto_classify,
        };
        let upload = Upload {
            job: JobId(Uuid::now_v7()),
            entry: self.caller.did(AuditEvent::DocumentCreated, new.id.0),
            document: new,
        };
        let object_key = upload.document.object_key.clone();
        let size = upload.document.size_bytes;
        match together::insert(&self.services, upload).await {
            Ok(document) => {
                telemetry::metrics::upload(u64::try_from(size).unwrap_or_default());
                Ok(document)
            }
            Err(Refused::NoRoom) => {
                self.services.discard(&object_key).await;
                // A file may take so long that its sender is shut out meanwhile.
                self.services.sign_ins().check(&self.caller).await?;
                Err(quotas::exceeded())
            }
            Err(Refused::Failed(error)) => {
                let unknown = error.kind == Kind::Unavailable;
                self.services
                    .discard_unless_written(&object_key, unknown)
                    .await;
                Err(error)
            }
        }
    }
}

/// Counts and hashes what passes.
struct Meter {
    size: u64,
    limit: u64,
    hasher: Sha256,
}

impl Meter {
    fn new(limit: u64) -> Self {
        Self {
            size: 0,
            limit,
            hasher: Sha256::new(),
        }
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.size += piece.len() as u64;
        if self.size > self.limit {
            return Err(too_large(self.limit));
        }
        self.hasher.update(piece);
        Ok(())
    }

    fn digest(&self) -> domain::Sha256 {
        domain::Sha256(self.hasher.clone().finalize().into())
    }
}

/// As many pieces as it takes to see what kind of file it is.
async fn first_pieces(field: &mut Field<'static>) -> Result<Vec<Bytes>, Error> {
    let mut pieces = Vec::new();
    let mut size = 0;
    while size < extraction::SNIFF_BYTES {
        let Some(piece) = field.chunk().await.map_err(broken_form)? else {
            break;
        };
        size += piece.len();
        pieces.push(piece);
    }
    Ok(pieces)
}

async fn short_text(mut field: Field<'static>) -> Result<String, Error> {
    let mut text = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken_form)? {
        text.extend_from_slice(&piece);
        if text.len() > MAX_FIELD_BYTES {
            return Err(Error::new(
                Kind::BadRequest,
                "broken_form",
                "A field of the form is too long.",
            ));
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Browsers escape exactly these three in a part's file name (WHATWG HTML, "multipart form data").
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

fn truth(text: &str) -> Result<bool, Error> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Ok(true),
        "false" | "0" | "off" | "no" => Ok(false),
        _ => Err(Error::invalid(
            "auto_classify",
            "`auto_classify` is `true` or `false`.",
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const FORM: &str = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nHello\r\n--cut--\r\n";

    async fn file_in(
        body: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static,
    ) -> Bytes {
        let mut form = upload_form(body, "cut");
        let file = form.next_field().await.unwrap().unwrap();
        file.bytes().await.unwrap()
    }

    #[tokio::test]
    async fn a_form_is_the_same_wherever_its_body_is_cut() {
        for cut in 0..FORM.len() {
            let (first, second) = FORM.as_bytes().split_at(cut);
            let late = stream::once(async {
                tokio::task::yield_now().await;
                Ok(Bytes::from_static(first))
            });
            let body = late.chain(stream::iter([Ok(Bytes::from_static(second))]));
            assert_eq!(file_in(body).await, "Hello", "cut at {cut}");
        }
    }

    #[tokio::test]
    async fn the_parser_takes_no_more_than_it_hands_on() {
        let taken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let head = FORM.split_once("Hello").unwrap().0;
        let body = stream::iter([Bytes::from_static(head.as_bytes())])
            .chain(stream::repeat(Bytes::from_static(&[b'x'; 1024])).take(1000))
            .inspect(move |_| {
                counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            })
            .map(Ok::<_, Infallible>);
        let mut form = upload_form(body, "cut");
        let mut file = form.next_field().await.unwrap().unwrap();
        file.chunk().await.unwrap().unwrap();
        assert!(taken.load(std::sync::atomic::Ordering::Relaxed) < 5);
    }
}
