//! Reading variables, with errors that name the variable and say what it should be.

use crate::{
    file::{FileFault, Files},
    slips::{self, Slip},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
};
use thiserror::Error as ThisError;

/// A variable that is missing or not acceptable. Never holds a value: it could be a secret.
#[derive(Debug, PartialEq, Eq, ThisError)]
pub enum Error {
    /// It is not set.
    #[error("{0} is not set. `.env.example` says what it is for.")]
    Missing(String),
    /// It is set to something that makes no sense.
    #[error("{name} is not acceptable: it must be {expected}.")]
    Unacceptable {
        /// The variable.
        name: String,
        /// What it should be.
        expected: String,
    },
    /// It is not text.
    #[error("{0} is not UTF-8 text.")]
    NotText(String),
    /// It is set, and `NAME_FILE` is, too.
    #[error("{0} and {0}_FILE are both set: take one of them away.")]
    Both(String),
    /// The file that `NAME_FILE` names gives no value.
    #[error("{name}_FILE names {fault}.")]
    File {
        /// The variable, without `_FILE`.
        name: String,
        /// What is wrong with the file.
        fault: FileFault,
    },
}

impl Error {
    /// The variable that is meant.
    pub fn variable(&self) -> &str {
        match self {
            Self::Missing(name)
            | Self::NotText(name)
            | Self::Both(name)
            | Self::Unacceptable { name, .. }
            | Self::File { name, .. } => name,
        }
    }

    pub(crate) fn unacceptable(name: &str, expected: &str) -> Self {
        Self::Unacceptable {
            name: name.to_owned(),
            expected: expected.to_owned(),
        }
    }
}

type Lookup = Box<dyn Fn(&str) -> Option<OsString>>;

/// Where variables are looked up: `NAME`, or the file that `NAME_FILE` names. Remembers the names it was
/// asked for.
pub struct Env {
    lookup: Lookup,
    names: Vec<String>,
    asked: RefCell<BTreeSet<String>>,
    assumed: RefCell<BTreeMap<String, String>>,
    files: Files,
}

impl Env {
    /// The process's environment.
    pub fn process() -> Self {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        Self {
            names: names.collect(),
            ..Self::of(|name| std::env::var_os(name))
        }
    }

    /// Any other source, for tests.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self::of(move |name| lookup(name).map(OsString::from))
    }

    fn of(lookup: impl Fn(&str) -> Option<OsString> + 'static) -> Self {
        Self {
            lookup: Box::new(lookup),
            names: Vec::new(),
            asked: RefCell::default(),
            assumed: RefCell::default(),
            files: Files::default(),
        }
    }

    /// Names in the process's environment that are nearly those of settings.
    pub fn slips(&self) -> Vec<Slip> {
        slips::among(&self.names)
    }

    /// The names asked for so far, without the `_FILE` ones.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    /// The variable, or what stands in its file, unless that is unset or empty.
    ///
    /// # Errors
    /// `Both`, `NotText`, or `File`.
    pub fn optional(&self, name: &str) -> Result<Option<String>, Error> {
        self.asked.borrow_mut().insert(name.to_owned());
        if let Some(assumed) = self.assumed.borrow().get(name) {
            return Ok(Some(assumed.clone()));
        }
        match (self.variable(name)?, self.file(name)) {
            (value, None) => Ok(value),
            (Some(_), Some(_)) => Err(Error::Both(name.to_owned())),
            (None, Some(path)) => {
                let text = self.files.read(name, &path).map_err(|fault| Error::File {
                    name: name.to_owned(),
                    fault,
                })?;
                Ok(unless_empty(text))
            }
        }
    }

    fn variable(&self, name: &str) -> Result<Option<String>, Error> {
        let value = (self.lookup)(name).map(OsString::into_string).transpose();
        let value = value.map_err(|_| Error::NotText(name.to_owned()))?;
        Ok(value.and_then(unless_empty))
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        let path = (self.lookup)(&format!("{name}_FILE"))?;
        (!path.is_empty()).then(|| path.into())
    }

    /// From now on the variable reads as that: for looking on past one that is wrong.
    pub(crate) fn assume(&self, name: &str, value: &str) {
        let mut assumed = self.assumed.borrow_mut();
        assumed.insert(name.to_owned(), value.to_owned());
    }

    /// What the variable itself was set to, unless that is nothing.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        self.variable(name).ok().flatten()
    }

    /// Whether the value is to come from a file.
    pub(crate) fn is_in_a_file(&self, name: &str) -> bool {
        self.file(name).is_some()
    }

    /// The variable, or the default, if it passes.
    ///
    /// # Errors
    /// As [`Env::optional`], and `Unacceptable` when it does not.
    pub(crate) fn word(
        &self,
        name: &str,
        default: &str,
        passes: impl Fn(&str) -> bool,
        expected: &str,
    ) -> Result<String, Error> {
        let value = self.optional(name)?;
        let value = value.as_deref().map_or(default, str::trim);
        match passes(value) {
            true => Ok(value.to_owned()),
            false => Err(Error::unacceptable(name, expected)),
        }
    }

    /// The variable.
    ///
    /// # Errors
    /// As [`Env::optional`], and `Missing`.
    pub fn required(&self, name: &str) -> Result<String, Error> {
        self.optional(name)?
            .ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// The variable read as a `T`, or the default.
    ///
    /// # Errors
    /// As [`Env::optional`], and `Unacceptable` when it is set and can't be read.
    pub fn parsed<T: FromStr>(&self, name: &str, default: T, expected: &str) -> Result<T, Error> {
        match self.optional(name)? {
            None => Ok(default),
            Some(value) => value
                .trim()
                .parse()
                .map_err(|_| Error::unacceptable(name, expected)),
        }
    }

    /// A number within its bounds, or the default.
    ///
    /// # Errors
    /// As [`Env::parsed`], and `Unacceptable` when it is out of them.
    pub(crate) fn number<T: FromStr + PartialOrd>(
        &self,
        name: &str,
        default: T,
        bounds: RangeInclusive<T>,
        expected: &str,
    ) -> Result<T, Error> {
        let number = self.parsed(name, default, expected)?;
        match bounds.contains(&number) {
            true => Ok(number),
            false => Err(Error::unacceptable(name, expected)),
        }
    }

    /// A secret that passes.
    ///
    /// # Errors
    /// As [`Env::secret`], and `Unacceptable` when it does not.
    pub(crate) fn secret_that(
        &self,
        name: &str,
        passes: impl Fn(&str) -> bool,
        expected: &str,
    ) -> Result<SecretString, Error> {
        self.optional_secret_that(name, passes, expected)?
            .ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// Like [`Env::secret_that`], for one that may be left out.
    ///
    /// # Errors
    /// As there, without `Missing`.
    pub(crate) fn optional_secret_that(
        &self,
        name: &str,
        passes: impl Fn(&str) -> bool,
        expected: &str,
    ) -> Result<Option<SecretString>, Error> {
        let secret = self.optional_secret(name)?;
        match secret
            .as_ref()
            .is_none_or(|secret| passes(secret.expose_secret()))
        {
            true => Ok(secret),
            false => Err(Error::unacceptable(name, expected)),
        }
    }

    /// A secret.
    ///
    /// # Errors
    /// As [`Env::required`].
    pub fn secret(&self, name: &str) -> Result<SecretString, Error> {
        self.required(name).map(SecretString::from)
    }

    /// Like [`Env::secret`], for one that may be left out.
    ///
    /// # Errors
    /// As [`Env::optional`].
    pub fn optional_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        Ok(self.optional(name)?.map(SecretString::from))
    }
}

/// Nothing but blanks is nothing: Compose and others pass on what was never set as an empty variable.
fn unless_empty(value: String) -> Option<String> {
    (!value.trim().is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    #[test]
    fn what_is_no_text_is_not_taken_for_unset() {
        let env = Env::of(|name| (name == "LISTEN").then(|| OsString::from_vec(vec![b'x', 0xff])));
        let error = Error::NotText("LISTEN".to_owned());
        assert_eq!(env.optional("LISTEN"), Err(error));
        assert_eq!(env.optional("LOG"), Ok(None));
    }
}
