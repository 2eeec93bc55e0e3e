//! Running: listen, serve, and stop gracefully.

use crate::{AppState, router, set_up};
use anyhow::{Context, Result};
use app::SessionCookies;
use axum::serve::ListenerExt;
use leptos::config::LeptosOptions;
use settings::{Http, ServerSettings};
use std::{future::Future, net::SocketAddr, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use wiring::Built;

/// How long requests that are under way, uploads above all, may go on after a stop is asked for.
const GRACE: Duration = Duration::from_secs(8);

/// How long what runs beside requests may take to its end after that. Together less than the ten seconds
/// that containers are given.
const FINISH: Duration = Duration::from_secs(1);

/// How many connections to PostgreSQL one server holds at most.
const MAX_CONNECTIONS: u32 = 20;

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// When the address can't be listened on, or a setting makes no sense.
pub async fn serve(settings: ServerSettings) -> Result<()> {
    let listener = TcpListener::bind(settings.http.listen)
        .await
        .with_context(|| format!("{} can't be listened on", settings.http.listen))?;
    tracing::info!(address = %settings.http.listen, "listening on http://{}", settings.http.listen);
    serve_on(listener, &settings, wiring::stop_signal()).await
}

/// Serves on a listener until `stop`, then finishes what is under way.
///
/// # Errors
/// When a setting makes no sense, or the listener breaks.
pub async fn serve_on(
    listener: TcpListener,
    settings: &ServerSettings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let built = build(settings, MAX_CONNECTIONS)?;
    wiring::show_metrics(
        settings.metrics,
        "server",
        built.database.clone(),
        built.delivery.clone(),
    )
    .await?;
    let stopping = CancellationToken::new();
    tokio::spawn(set_up::print_link(built.services.clone(), stopping.clone()));
    let listening = {
        let (events, stopping) = (built.events.clone(), stopping.clone());
        tokio::spawn(async move { events.listen(stopping).await })
    };
    let app = router(state(
        &settings.http,
        built.services.clone(),
        stopping.clone(),
    )?)?;
    let graceful = {
        let stopping = stopping.clone();
        async move {
            stop.await;
            // Open event streams end here: they would keep the server for ever.
            stopping.cancel();
        }
    };
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    // Else the end of an answer in several pieces waits until the client has acknowledged its beginning,
    // which a client that has nothing to send puts off by 40 ms.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection does not send at once");
        }
    });
    let serving = axum::serve(listener, app)
        .with_graceful_shutdown(graceful)
        .into_future();
    let late = {
        let stopping = stopping.clone();
        async move {
            stopping.cancelled().await;
            tokio::time::sleep(GRACE).await;
        }
    };
    wiring::tell_ready("Serving");
    tokio::select! {
        served = serving => served?,
        () = late => tracing::warn!("some requests did not end in time and are cut off"),
    }
    let finished = tokio::time::timeout(FINISH, async {
        built.services.finish().await;
        let heard = listening.await;
        built.database.close().await;
        heard
    });
    match finished.await {
        Ok(heard) => heard?,
        Err(_) => tracing::warn!("some work beside requests did not end in time and is cut off"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// The services, as the settings say.
///
/// # Errors
/// When a setting makes no sense.
pub fn build(settings: &ServerSettings, max_connections: u32) -> Result<Built> {
    wiring::build(&sources(settings, max_connections))
}

/// What the services are built from.
pub fn sources(settings: &ServerSettings, max_connections: u32) -> wiring::Sources<'_> {
    wiring::Sources {
        database_url: &settings.database_url,
        max_connections,
        store: &settings.store,
        redis: &settings.redis,
        secrets: &settings.secrets,
        filing: &settings.filing,
        accounts: &settings.accounts,
        mail: &settings.mail,
        max_upload_bytes: settings.http.max_upload_bytes,
    }
}

fn state(
    http: &Http,
    services: services::Services,
    stopping: CancellationToken,
) -> Result<AppState> {
    let mut leptos_options: LeptosOptions = leptos::config::get_configuration(None)
        .context("the LEPTOS_ variables make no sense")?
        .leptos_options;
    leptos_options.site_addr = http.listen;
    Ok(AppState {
        services,
        leptos_options,
        public_url: http.public_url.to_string(),
        cors_origins: http.cors_origins.clone().into(),
        trusted_proxies: http.trusted_proxies.clone().into(),
        cookies: SessionCookies::for_public_url(http.public_url.as_str()),
        stopping,
    })
}
