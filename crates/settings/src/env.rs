//! Reading variables, with errors that name the variable and say what it should be.

use secrecy::{ExposeSecret, SecretString};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
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
    /// The file that it names can't be read.
    #[error("{0} names a file that can't be read.")]
    Unreadable(String),
}

impl Error {
    /// The variable that is meant.
    pub fn variable(&self) -> &str {
        match self {
            Self::Missing(name) | Self::Unacceptable { name, .. } => name,
            Self::Unreadable(name) => name.strip_suffix("_FILE").unwrap_or(name),
        }
    }

    pub(crate) fn unacceptable(name: &str, expected: &str) -> Self {
        Self::Unacceptable {
            name: name.to_owned(),
            expected: expected.to_owned(),
        }
    }
}

type Lookup = Box<dyn Fn(&str) -> Option<String>>;

/// Where variables are looked up. Remembers the names it was asked for.
pub struct Env {
    lookup: Lookup,
    asked: RefCell<BTreeSet<String>>,
    assumed: RefCell<BTreeMap<String, String>>,
}

impl Env {
    /// The process's environment.
    pub fn process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Any other source, for tests.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self {
            lookup: Box::new(lookup),
            asked: RefCell::default(),
            assumed: RefCell::default(),
        }
    }

    /// The names asked for so far, without the `_FILE` ones.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    /// The variable, unless it is unset or empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.asked.borrow_mut().insert(name.to_owned());
        let assumed = self.assumed.borrow().get(name).cloned();
        assumed
            .or_else(|| (self.lookup)(name))
            .filter(|value| !value.trim().is_empty())
    }

    /// From now on the variable reads as that: for looking on past one that is wrong.
    pub(crate) fn assume(&self, name: &str, value: &str) {
        let mut assumed = self.assumed.borrow_mut();
        assumed.insert(name.to_owned(), value.to_owned());
    }

    /// What the variable was set to, unless that is nothing.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.trim().is_empty())
    }

    /// The variable, or the default, if it passes.
    ///
    /// # Errors
    /// `Unacceptable` when it does not.
    pub(crate) fn word(
        &self,
        name: &str,
        default: &str,
        passes: impl Fn(&str) -> bool,
        expected: &str,
    ) -> Result<String, Error> {
        let value = self.optional(name);
        let value = value.as_deref().map_or(default, str::trim);
        match passes(value) {
            true => Ok(value.to_owned()),
            false => Err(Error::unacceptable(name, expected)),
        }
    }

    /// The variable.
    ///
    /// # Errors
    /// `Missing`.
    pub fn required(&self, name: &str) -> Result<String, Error> {
        self.optional(name)
            .ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// The variable read as a `T`, or the default.
    ///
    /// # Errors
    /// `Unacceptable` when it is set and can't be read.
    pub fn parsed<T: FromStr>(&self, name: &str, default: T, expected: &str) -> Result<T, Error> {
        match self.optional(name) {
            None => Ok(default),
            Some(value) => value.trim().parse().map_err(|_| Error::Unacceptable {
                name: name.to_owned(),
                expected: expected.to_owned(),
            }),
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

    /// A secret from `NAME`, or from the file that `NAME_FILE` names.
    ///
    /// # Errors
    /// `Missing`, or `Unreadable` for the file.
    pub fn secret(&self, name: &str) -> Result<SecretString, Error> {
        self.optional_secret(name)?
            .ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// Like [`Env::secret`], for one that may be left out.
    ///
    /// # Errors
    /// `Unreadable` for the file.
    pub fn optional_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        if let Some(value) = self.optional(name) {
            return Ok(Some(value.into()));
        }
        let file_name = format!("{name}_FILE");
        match (self.lookup)(&file_name).filter(|path| !path.is_empty()) {
            None => Ok(None),
            Some(path) => std::fs::read_to_string(path)
                .map(|text| Some(text.trim_end().to_owned().into()))
                .map_err(|_| Error::Unreadable(file_name)),
        }
    }
}
