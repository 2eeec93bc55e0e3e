//! The list of the objects that rows name.

use crate::{
    Error,
    folder::Folder,
    key,
    lines::Lines,
    manifest::Manifest,
    meter::{Digest, Sum},
};
use futures::{Stream, stream};
use serde::{Deserialize, Serialize};

/// The media type of the pictures of first pages.
const PICTURE: &str = "image/jpeg";

/// An object that is to be exported.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    pub(crate) key: String,
    pub(crate) content_type: String,
    /// What the rows say that it must be, where they do.
    pub(crate) right: Option<Sum>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line {
    /// The folder holds it.
    Held {
        key: String,
        content_type: String,
        file: Sum,
    },
    /// It could not be had.
    Lost { key: String, why: String },
    /// Its document was deleted during the export.
    Gone { key: String },
}

impl Line {
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Held { key, .. } | Self::Lost { key, .. } | Self::Gone { key } => key,
        }
    }
}

impl From<database::NamedObject> for Wanted {
    fn from(object: database::NamedObject) -> Self {
        let bytes = object
            .size_bytes
            .and_then(|bytes| u64::try_from(bytes).ok());
        let right = bytes.zip(object.sha256).map(|(bytes, sha256)| Sum {
            bytes,
            sha256: Digest(sha256.0),
        });
        Self {
            key: object.key,
            content_type: object.content_type.unwrap_or_else(|| PICTURE.to_owned()),
            right,
        }
    }
}

/// The list of an export, by key.
pub(crate) struct List {
    lines: Lines<Line>,
    last: Option<String>,
}

impl List {
    /// The list that a manifest names.
    pub(crate) async fn open(folder: &Folder, manifest: &Manifest) -> Result<Self, Error> {
        Ok(Self {
            lines: Lines::open(folder, folder.list(manifest.export)).await?,
            last: None,
        })
    }

    /// The next line. Every key stands there once, and those of objects that are held are paths.
    pub(crate) async fn next(&mut self) -> Result<Option<Line>, Error> {
        let Some(line) = self.lines.next().await? else {
            return Ok(None);
        };
        let key = line.key();
        if self.last.as_deref().is_some_and(|last| last >= key) {
            return Err(self.lines.altered("is out of order."));
        }
        if matches!(line, Line::Held { .. }) && key::path_of(key).is_none() {
            return Err(self.lines.altered("names an object that no vault has."));
        }
        self.last = Some(key.to_owned());
        Ok(Some(line))
    }

    /// Its lines from here on.
    pub(crate) fn into_stream(self) -> impl Stream<Item = Result<Line, Error>> {
        stream::try_unfold(self, |mut list| async move {
            Ok(list.next().await?.map(|line| (line, list)))
        })
    }

    /// What was read so far.
    pub(crate) fn sum(&self) -> Sum {
        self.lines.sum()
    }
}
