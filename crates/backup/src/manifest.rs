//! What an export holds.

use crate::{
    Error,
    error::{altered, of_file},
    folder::{self, Folder},
    meter::{Digest, Sum},
    secret,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::path::Path;
use time::OffsetDateTime;
use uuid::Uuid;

/// The newest form of an export, and the one that is written.
pub(crate) const FORMAT: u32 = 1;

/// More than any manifest has: it grows with the tables, not with what is in them.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What an export holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// The form of the export.
    pub(crate) format: u32,
    /// Which version of DocuVault made it.
    pub(crate) application: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) made_at: OffsetDateTime,
    /// Names its folder of rows.
    pub(crate) export: Uuid,
    /// The last migration of the database that it was made from.
    pub(crate) schema: i64,
    /// The rows.
    pub(crate) tables: Vec<TableFile>,
    /// The objects.
    pub(crate) objects: Objects,
    /// Tells whether a `SECRET_KEY` is that of the vault.
    pub(crate) secret_key_check: Digest,
    /// HMAC-SHA256 over the manifest with zeros here, under a key derived from `SECRET_KEY`.
    pub(crate) seal: Digest,
}

/// A table's rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableFile {
    /// The table.
    pub(crate) name: String,
    /// Its columns, in the order of the file.
    pub(crate) columns: Vec<String>,
    /// How many rows.
    pub(crate) rows: u64,
    /// The file.
    pub(crate) file: Sum,
}

/// The objects, in short; one by one they are in a list of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Objects {
    /// How many the folder holds.
    pub(crate) held: u64,
    /// How many bytes those have.
    pub(crate) bytes: u64,
    /// How many rows name that could not be had, or only damaged.
    pub(crate) lost: u64,
    /// How many belonged to documents that were deleted during the export.
    pub(crate) gone: u64,
    /// The list.
    pub(crate) list: Sum,
}

/// Of a manifest of any form, its form.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

impl Manifest {
    /// Seals it.
    pub(crate) fn sealed(mut self, secret: &SecretString) -> Result<Self, Error> {
        self.seal = secret::seal(secret, &self.unsealed()?)?;
        Ok(self)
    }

    /// Whether it is as it was when it was sealed.
    pub(crate) fn is_sealed(&self, secret: &SecretString) -> Result<bool, Error> {
        secret::is_sealed(secret, &self.unsealed()?, self.seal)
    }

    /// Whether it was made under that key.
    pub(crate) fn is_under(&self, secret: &SecretString) -> Result<bool, Error> {
        Ok(secret::check_value(secret)? == self.secret_key_check)
    }

    fn unsealed(&self) -> Result<Vec<u8>, Error> {
        let blank = Self {
            seal: Digest::default(),
            ..self.clone()
        };
        blank.text()
    }

    /// As it stands in its file.
    pub(crate) fn text(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec_pretty(self)
            .map_err(std::io::Error::from)
            .map_err(of_file(Path::new(folder::MANIFEST), "written"))
    }

    /// The one of a folder.
    pub(crate) async fn read(folder: &Folder) -> Result<Self, Error> {
        let path = folder.manifest();
        if !path.exists() {
            return Err(Error::Refused(format!(
                "{} holds no finished export: there is no manifest.json in it.",
                folder.root().display()
            )));
        }
        let text = folder.read_small(&path, MAX_BYTES).await?;
        let form: Form =
            serde_json::from_slice(&text).map_err(|_| altered(&path, "is no manifest."))?;
        if form.format > FORMAT {
            return Err(Error::Refused(format!(
                "This export has form {}, and this version of DocuVault knows forms up to {FORMAT}. \
                 Import it with the version that made it, or a newer one.",
                form.format
            )));
        }
        serde_json::from_slice(&text).map_err(|_| altered(&path, "is no manifest."))
    }
}
