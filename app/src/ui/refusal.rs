//! Which fields of a form were refused, told at the fields.

use crate::AppError;
use leptos::{prelude::*, server_fn::error::ServerFnUrlError};
use leptos_router::hooks::use_query_map;

/// The id of the message at the top of the page.
pub(crate) const MESSAGE: &str = "refused";

/// What a form was refused for, if it is that form whose error stands in the address.
#[derive(Clone, Default)]
pub(crate) struct Refusal(Option<AppError>);

impl Refusal {
    /// What became of the form that goes to that path.
    pub(crate) fn of(path: &str) -> Self {
        let query = use_query_map();
        let query = query.read_untracked();
        let ours = query.get("__path").is_some_and(|sent| sent == path);
        let error = query.get("__err").filter(|_| ours);
        Self(error.map(|coded| ServerFnUrlError::<AppError>::decode_err(&coded)))
    }

    /// Whether there is any.
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// `aria-invalid` of a field.
    pub(crate) fn invalid(&self, field: &str) -> Option<&'static str> {
        self.names(field).then_some("true")
    }

    /// `aria-describedby` of a field.
    pub(crate) fn told_by(&self, field: &str) -> Option<&'static str> {
        self.names(field).then_some(MESSAGE)
    }

    fn names(&self, field: &str) -> bool {
        self.0.as_ref().is_some_and(|error| {
            let named = error.fields.iter().any(|refused| refused.field == field);
            named || fields_of(&error.code).contains(&field)
        })
    }
}

/// The fields that an error is about which names none.
fn fields_of(code: &str) -> &'static [&'static str] {
    match code {
        // Which of the two is wrong nobody is told.
        "wrong_credentials" => &["login", "password"],
        "topic_name_taken" => &["name"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldMessage;

    #[test]
    fn the_fields_that_were_refused_are_told() {
        let error = AppError {
            fields: vec![FieldMessage {
                field: "email".to_owned(),
                message: "That is no address.".to_owned(),
            }],
            ..AppError::new(422, "invalid", "That is no address.")
        };
        let refusal = Refusal(Some(error));
        assert_eq!(refusal.invalid("email"), Some("true"));
        assert_eq!(refusal.told_by("email"), Some(MESSAGE));
        assert_eq!(refusal.invalid("password"), None);
        assert_eq!(Refusal::default().told_by("email"), None);
    }

    #[test]
    fn a_wrong_password_is_told_at_both_fields() {
        let refusal = Refusal(Some(AppError::new(401, "wrong_credentials", "")));
        for field in ["login", "password"] {
            assert!(refusal.names(field), "{field}");
        }
        assert!(!refusal.names("name"));
    }
}
