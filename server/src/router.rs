//! The table of contents: every route of the server.

use crate::{
    api,
    http::{files, flash, headers, measure, origin, session, whole::whole},
    openapi,
    problem::{self, ApiError},
    spawner,
};
use anyhow::Result;
use app::SessionCookies;
use axum::{
    Extension, Router,
    extract::{FromRef, Request, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{any, get},
};
use domain::{Caller, Error};
use ipnet::IpNet;
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use services::Services;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

/// What handlers are given.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Every use case.
    pub services: Services,
    /// Where the UI's files are.
    pub leptos_options: LeptosOptions,
    /// Where people reach the vault.
    #[from_ref(skip)]
    pub public_url: String,
    /// Other web apps that may call the JSON API.
    #[from_ref(skip)]
    pub cors_origins: Arc<[String]>,
    /// Networks of reverse proxies whose word about the client's address counts.
    #[from_ref(skip)]
    pub trusted_proxies: Arc<[IpNet]>,
    /// How a browser keeps its tokens.
    #[from_ref(skip)]
    pub cookies: SessionCookies,
    /// Cancelled when the server stops.
    pub stopping: CancellationToken,
}

/// The JSON API, described and routed from the same lines.
pub(crate) fn api_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::base())
        .merge(api::documents::routes())
        .merge(api::topics::routes())
        .merge(api::filing_batches::routes())
        .merge(api::settings::routes())
        .merge(api::accounts::routes())
        .merge(api::admin::routes())
        .merge(api::activity::routes())
        .merge(api::pipeline::routes())
        .merge(api::events::routes())
        .merge(api::health::routes())
}

/// The whole application.
///
/// # Errors
/// When a configured origin makes no sense.
pub fn router(state: AppState) -> Result<Router> {
    let api = api_routes().split_for_parts().0;
    let docs = SwaggerUi::new("/api/docs").url("/api/openapi.json", openapi::document());
    let cors = origin::cors(&state.cors_origins)?;
    let csrf = origin::csrf(&state.public_url, &state.cors_origins)?;
    Ok(Router::new()
        .merge(api)
        .merge(docs)
        .route("/api/{*rest}", any(unknown_api_route))
        .route(
            "/_fn/{*function}",
            get(server_function).post(server_function),
        )
        .merge(pages(&state))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(csrf)
        .layer(cors)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            session::identify,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            headers::security,
        ))
        .layer(middleware::from_fn(measure::measure))
        .with_state(state))
}

/// The pages of the UI, and its files. What is neither gets the UI's own page for it, with 404.
fn pages(state: &AppState) -> Router<AppState> {
    // `/` is redirected for every client, not only for those that accept HTML as leptos does it.
    spawner::install();
    let mut routes = generate_route_list(app::App);
    routes.retain(|route| route.path() != "/");
    let options = state.leptos_options.clone();
    let services = state.services.clone();
    let shell = move || app::shell(options.clone());
    let cookies = state.cookies;
    let render = move |Extension(caller): Extension<Caller>, request: Request| {
        let (services, shell) = (services.clone(), shell.clone());
        async move {
            if let Some(address) = flash::without_foreign(&request) {
                return Redirect::to(&address).into_response();
            }
            if caller.identity().is_none() && !app::is_open_page(request.uri().path()) {
                return to_sign_in(&request).into_response();
            }
            let handler = leptos_axum::render_app_async_with_context(
                move || provide(&services, &caller, cookies),
                shell,
            );
            whole(handler(request)).await
        }
    };
    Router::new()
        .route("/", get(to_documents))
        .leptos_routes_with_handler(routes, render)
        .fallback(file_or_not_found)
}

async fn file_or_not_found(
    Extension(caller): Extension<Caller>,
    State(state): State<AppState>,
    request: Request,
) -> Response {
    let root = &state.leptos_options.site_root;
    if let Some(file) = files::file(root, request.uri().path(), request.headers()).await {
        return file;
    }
    let (services, cookies) = (state.services.clone(), state.cookies);
    let handler = leptos_axum::file_and_error_handler_with_context::<AppState, _>(
        move || provide(&services, &caller, cookies),
        app::shell,
    );
    whole(handler(request.uri().clone(), State(state), request)).await
}

async fn server_function(
    Extension(caller): Extension<Caller>,
    State(state): State<AppState>,
    request: Request,
) -> impl IntoResponse {
    leptos_axum::handle_server_fns_with_context(
        move || provide(&state.services, &caller, state.cookies),
        request,
    )
    .await
}

/// The page that lets people in, which then leads to the page that was asked for.
fn to_sign_in(request: &Request) -> impl IntoResponse {
    let asked = request
        .uri()
        .path_and_query()
        .map_or("/", |asked| asked.as_str());
    Redirect::to(&app::sign_in_address(asked))
}

fn provide(services: &Services, caller: &Caller, cookies: SessionCookies) {
    provide_context(cookies);
    provide_context(services.clone());
    provide_context(caller.clone());
    headers::page_policy();
}

async fn to_documents() -> impl IntoResponse {
    (StatusCode::FOUND, [(header::LOCATION, "/documents")])
}

async fn unknown_api_route() -> ApiError {
    ApiError(Error::not_found(
        "route_not_found",
        "There is no such call. `/api/docs` lists them all.",
    ))
}
