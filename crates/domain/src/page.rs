//! Paging: counted from 1, bounded.

use crate::Error;

/// A page's number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page(u32);

/// How many rows a page has: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerPage(u32);

impl Page {
    /// The highest page that can be asked for; further ones would only make the database count.
    pub const MAX: i64 = 100_000;

    /// Takes a page's number.
    ///
    /// # Errors
    /// `Invalid` outside 1 to [`Page::MAX`].
    pub fn parse(number: i64) -> Result<Self, Error> {
        match u32::try_from(number) {
            Ok(n) if n >= 1 && number <= Self::MAX => Ok(Self(n)),
            _ => Err(Error::invalid(
                "page",
                "`page` is a number from 1 to 100000.",
            )),
        }
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }

    /// How many rows stand before this page.
    pub fn offset(self, per_page: PerPage) -> i64 {
        i64::from(self.0 - 1) * i64::from(per_page.0)
    }
}

impl PerPage {
    /// The most rows that a page has.
    pub const MAX: i64 = 100;

    /// Takes a number of rows.
    ///
    /// # Errors
    /// `Invalid` outside 1 to [`PerPage::MAX`].
    pub fn parse(number: i64) -> Result<Self, Error> {
        match u32::try_from(number) {
            Ok(n) if n >= 1 && number <= Self::MAX => Ok(Self(n)),
            _ => Err(Error::invalid(
                "per_page",
                "`per_page` is a number from 1 to 100.",
            )),
        }
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}
