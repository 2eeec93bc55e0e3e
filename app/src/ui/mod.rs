//! The design system: small components on native elements. No data access.

pub(crate) mod banner;
pub(crate) mod brand;
pub(crate) mod chip;
pub(crate) mod confirm;
pub(crate) mod crumbs;
pub(crate) mod icon;
pub(crate) mod keys;
pub(crate) mod name;
pub(crate) mod once;
pub(crate) mod pager;
pub(crate) mod panel;
pub(crate) mod quota;
pub(crate) mod rail;
pub(crate) mod refusal;
pub(crate) mod status;
pub(crate) mod textarea;
pub(crate) mod theme;
pub(crate) mod when;
