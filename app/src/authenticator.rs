//! The authenticator that the browser knows (WebAuthn): asks it, and passes on what it says.

use crate::AppError;
use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlFormElement, HtmlInputElement};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Somebody stopped it, or nobody did anything for minutes.
    Stopped,
    /// It holds a passkey for the account already.
    ThereAlready,
    /// The page was opened at another address than the one that passkeys belong to.
    AnotherAddress,
    /// The browser has nothing of the kind.
    NotHere,
}

impl NoAnswer {
    /// By the name of the browser's exception.
    fn of(name: &str) -> Self {
        match name {
            "NotAllowedError" | "AbortError" => Self::Stopped,
            "InvalidStateError" => Self::ThereAlready,
            "SecurityError" => Self::AnotherAddress,
            _ => Self::NotHere,
        }
    }

    /// For people.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Stopped => "Nothing was done: it was stopped, or took too long.",
            Self::ThereAlready => "There is a passkey for this account on that device already.",
            Self::AnotherAddress => {
                "Passkeys work only at the address that this vault was set up for. Open it there."
            }
            Self::NotHere => {
                "This browser can't do that with passkeys. Try a newer one, or another."
            }
        }
    }
}

impl From<JsValue> for NoAnswer {
    fn from(exception: JsValue) -> Self {
        let name = Reflect::get(&exception, &"name".into()).ok();
        Self::of(&name.and_then(|name| name.as_string()).unwrap_or_default())
    }
}

/// What came of asking, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Quietly: nothing is wrong with the vault.
    NoAnswer(NoAnswer),
    /// The vault refused.
    Refused(AppError),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A new passkey.
    New,
    /// One that is there.
    Known,
}

/// Asks, with the options as the vault made them; gives the answer as JSON.
pub(crate) async fn ask(wanted: Wanted, options: &str) -> Result<String, Outcome> {
    answer(wanted, options)
        .await
        .map_err(|exception| Outcome::NoAnswer(exception.into()))
}

async fn answer(wanted: Wanted, options: &str) -> Result<String, JsValue> {
    let (read, act) = match wanted {
        Wanted::New => ("parseCreationOptionsFromJSON", "create"),
        Wanted::Known => ("parseRequestOptionsFromJSON", "get"),
    };
    let window = window();
    let options = call(
        &Reflect::get(&window, &"PublicKeyCredential".into())?,
        read,
        &JSON::parse(options)?,
    )?;
    let request = Object::new();
    Reflect::set(&request, &"publicKey".into(), &options)?;
    let navigator = Reflect::get(&window, &"navigator".into())?;
    let credentials = Reflect::get(&navigator, &"credentials".into())?;
    let promise: Promise = call(&credentials, act, &request)?.dyn_into()?;
    let credential = JsFuture::from(promise).await?;
    // By way of its `toJSON`.
    JSON::stringify(&credential).map(String::from)
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.call1(object, argument)
}

/// Puts values into a form's hidden fields and sends it, as the browser sends forms.
pub(crate) fn send(form: &HtmlFormElement, values: &[(&str, &str)]) {
    for (name, value) in values {
        let field = form
            .query_selector(&format!("[name={name}]"))
            .ok()
            .flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.set_value(value);
        }
    }
    let _ = form.submit();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_says_becomes_a_sentence() {
        for (name, expected) in [
            ("NotAllowedError", NoAnswer::Stopped),
            ("AbortError", NoAnswer::Stopped),
            ("InvalidStateError", NoAnswer::ThereAlready),
            ("SecurityError", NoAnswer::AnotherAddress),
            ("TypeError", NoAnswer::NotHere),
            ("NotSupportedError", NoAnswer::NotHere),
            ("", NoAnswer::NotHere),
        ] {
            assert_eq!(NoAnswer::of(name), expected, "{name}");
            assert!(NoAnswer::of(name).sentence().ends_with('.'));
        }
    }
}
