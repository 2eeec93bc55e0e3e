//! Reading variables, with errors that name the variable and say what it should be.

use secrecy::SecretString;
use std::{cell::RefCell, collections::BTreeSet, str::FromStr};
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

type Lookup = Box<dyn Fn(&str) -> Option<String>>;

/// Where variables are looked up. Remembers the names it was asked for.
pub struct Env {
    lookup: Lookup,
    asked: RefCell<BTreeSet<String>>,
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
        }
    }

    /// The names asked for so far, without the `_FILE` ones.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    /// The variable, unless it is unset or empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.asked.borrow_mut().insert(name.to_owned());
        (self.lookup)(name).filter(|value| !value.trim().is_empty())
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
