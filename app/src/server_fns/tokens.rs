//! Personal tokens for programs: list, create, delete.

use crate::AppError;
use leptos::prelude::*;
use uuid::Uuid;
use wire::{ApiTokenList, CreatedApiToken};

/// One's own tokens, the newest first.
#[server(prefix = "/_fn", endpoint = "tokens/list")]
pub(crate) async fn list_tokens() -> Result<ApiTokenList, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let tokens = services.api_tokens().list(&caller).await.map_err(fail)?;
    Ok(ApiTokenList {
        tokens: tokens.into_iter().map(Into::into).collect(),
    })
}

/// A new token, good for that many days, or without end.
#[server(prefix = "/_fn", endpoint = "tokens/create")]
pub(crate) async fn create_token(
    name: String,
    scope: String,
    expires_in_days: Option<i64>,
) -> Result<CreatedApiToken, AppError> {
    use crate::server_context::{context, fail, hand_over_token};
    let (services, caller) = context()?;
    let request = wire::NewApiToken {
        name,
        scope,
        expires_in_days,
    };
    let (described, secret) = services
        .api_tokens()
        .create(&caller, &request)
        .await
        .map_err(fail)?;
    hand_over_token(secret.expose());
    Ok(CreatedApiToken {
        token: secret.expose().to_owned(),
        described: described.into(),
    })
}

/// The token that a form posted without JavaScript has just made; a second time there is none.
#[server(prefix = "/_fn", endpoint = "tokens/created")]
pub(crate) async fn take_created_token() -> Result<Option<String>, AppError> {
    use crate::{server_context::take_kept, session_cookies::Kept};
    Ok(take_kept(Kept::NewToken))
}

/// Removes a token; it stops at once.
#[server(prefix = "/_fn", endpoint = "tokens/delete")]
pub(crate) async fn delete_token(id: Uuid) -> Result<(), AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .api_tokens()
        .delete(&caller, id.into())
        .await
        .map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use server_fn::{
        axum_export::body::Body,
        codec::{FromReq, PostUrl},
    };

    fn posted(form: &str) -> Result<CreateToken, AppError> {
        let request = http::Request::post("/_fn/tokens/create")
            .body(Body::from(form.to_owned()))
            .unwrap();
        <CreateToken as FromReq<PostUrl, _, AppError>>::from_req(request)
            .now_or_never()
            .unwrap()
    }

    #[test]
    fn an_empty_field_is_a_token_without_end() {
        let days = |form: &str| posted(form).map(|call| call.expires_in_days);
        assert_eq!(days("name=n&scope=read&expires_in_days="), Ok(None));
        assert_eq!(days("name=n&scope=read"), Ok(None));
        assert_eq!(days("name=n&scope=read&expires_in_days=90"), Ok(Some(90)));
        assert!(days("name=n&scope=read&expires_in_days=soon").is_err());
    }
}
