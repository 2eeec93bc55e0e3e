//! The documents: newest first, filtered, a page at a time, moving by themselves.

use super::{
    filter::{Filter, FilterForm},
    row::{DocumentRow, row_key},
    upload::UploadForm,
};
use crate::{
    AppError, format,
    live::Live,
    server_fns::{
        documents::{RetryDocument, list_documents},
        topics::list_topics,
    },
    ui::{
        banner::{LastCall, LastError},
        pager::{Pager, page_count},
        panel::{EmptyState, ErrorPanel, Skeleton},
    },
    uploads::Uploads,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::DocumentList;

/// `/documents`
#[component]
pub(crate) fn DocumentsPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| Filter::from_query(&query.read()));
    let retry = ServerAction::<RetryDocument>::new();
    let stored = use_context::<Uploads>().map(|uploads| uploads.stored);
    let documents = Resource::new(
        move || {
            (
                filter.get(),
                retry.version().get(),
                stored.map(|stored| stored.get()),
            )
        },
        |(filter, ..)| list_documents(filter.topic, filter.status, Some(filter.page)),
    );
    let topics = Resource::new(|| (), |()| list_topics());
    Live::on_change(move |_| documents.refetch());

    let rows = move || {
        documents
            .get()
            .and_then(Result::ok)
            .map(|list| list.documents)
            .unwrap_or_default()
    };
    view! {
        <Title text="Documents"/>
        <header class="page-head">
            <h1>"Documents"</h1>
            <UploadForm/>
        </header>
        <LastError of=LastCall::new().of(retry)/>
        <Transition fallback=|| view! { <Skeleton rows=6/> }>
            {move || {
                let topics = topics.get()?.unwrap_or_default();
                Some(view! { <FilterForm filter=filter.get() topics/> })
            }}
            {move || documents.get().map(|result| instead_of_rows(result, &filter.get()))}
            <Show when=move || !rows().is_empty()>
                <ul class="rows" aria-label="Documents">
                    <For each=rows key=row_key let:document>
                        <DocumentRow document retry/>
                    </For>
                </ul>
            </Show>
            {move || documents.get().and_then(Result::ok).map(|list| below(&list, &filter.get()))}
        </Transition>
    }
    .into_any()
}

/// What stands where the rows would be, when there are none.
fn instead_of_rows(result: Result<DocumentList, AppError>, filter: &Filter) -> AnyView {
    match result {
        Err(error) => view! { <ErrorPanel error/> }.into_any(),
        Ok(list) if !list.documents.is_empty() => ().into_any(),
        Ok(list) if list.total > 0 => no_such_page(filter).into_any(),
        Ok(_) if filter.narrows() => no_match().into_any(),
        Ok(_) => first_use().into_any(),
    }
}

fn first_use() -> impl IntoView {
    view! {
        <EmptyState title="Nothing is here yet">
            <p>
                "Upload a letter, a contract or a photo of one: with the button above, or by dropping files anywhere in this window. "
                "DocuVault reads each file and files it under your topics."
            </p>
            <p><a href="/topics">"Set up topics"</a></p>
        </EmptyState>
    }
}

fn no_match() -> impl IntoView {
    view! {
        <EmptyState title="No document matches">
            <p>"Choose another topic or status, or clear the filter."</p>
        </EmptyState>
    }
}

fn no_such_page(filter: &Filter) -> impl IntoView + use<> {
    let first = filter.address(1);
    view! {
        <EmptyState title="This page is empty">
            <p>"There are fewer documents than that."</p>
            <p><a class="button" href=first>"Go to the first page"</a></p>
        </EmptyState>
    }
}

fn below(list: &DocumentList, filter: &Filter) -> impl IntoView + use<> {
    let pages = page_count(list.total, list.per_page);
    let previous = (list.page > 1).then(|| filter.address(list.page - 1));
    let next = (list.page < pages).then(|| filter.address(list.page + 1));
    let total = (list.total > 0).then(|| format::counted(list.total, "document"));
    view! {
        <footer class="list-foot">
            <p class="muted tabular" data-testid="total">{total}</p>
            <Pager page=list.page pages previous next/>
        </footer>
    }
}
