//! The documents: newest first, filtered, a page at a time, moving by themselves.

use super::{
    bulk::{BulkBar, said},
    filter::{Filter, FilterForm},
    layout::{Layout, LayoutSwitch},
    row::DocumentRow,
    upload::UploadForm,
};
use crate::{
    AppError, format,
    server_fns::{documents::list_documents, topics::topic_choices},
    ui::{
        pager::{Pager, page_count},
        panel::{EmptyState, ErrorPanel},
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::{Document, DocumentList, TopicChoice};

/// `/documents`
#[component]
pub(crate) fn DocumentsPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| Filter::from_query(&query.read()));
    let layout = Layout::of(query.read_untracked().get("view").as_deref());
    let back = address_of(&filter.get_untracked());
    let done = said(&query.read_untracked(), back);
    let documents = Resource::new(
        move || filter.get(),
        |filter| list_documents(filter.topic, filter.status, filter.name, Some(filter.page)),
    );
    let topics = Resource::new(|| (), |()| topic_choices());
    view! {
        <Title text="Documents"/>
        <header class="page-head" data-live>
            <h1>"Documents"</h1>
            <UploadForm/>
        </header>
        {done}
        <Transition>
            {move || {
                let topics = topics.get()?.unwrap_or_default();
                Some(body(documents.get()?, topics, &filter.get(), layout))
            }}
        </Transition>
    }
    .into_any()
}

fn address_of(filter: &Filter) -> String {
    filter.address(u32::try_from(filter.page).unwrap_or(1))
}

fn body(
    result: Result<DocumentList, AppError>,
    topics: Vec<TopicChoice>,
    filter: &Filter,
    layout: Layout,
) -> AnyView {
    let list = match result {
        Ok(list) => list,
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
    };
    let foot = below(&list, filter);
    let any = list.total > 0 || filter.narrows();
    let tools = any.then(|| view! { <FilterForm filter=filter.clone() topics=topics.clone()/> });
    let shown = match list.documents.is_empty() {
        true => instead_of_rows(&list, filter),
        false => rows(list.documents, topics, filter, layout),
    };
    view! {
        {tools}
        {shown}
        {foot}
    }
    .into_any()
}

fn rows(
    documents: Vec<Document>,
    topics: Vec<TopicChoice>,
    filter: &Filter,
    layout: Layout,
) -> AnyView {
    let back = address_of(filter);
    let rows = documents.into_iter();
    let rows: Vec<AnyView> = rows
        .map(|document| view! { <DocumentRow document back=back.clone()/> }.into_any())
        .collect();
    view! {
        <div class="list-head">
            <label class="check pick-all js-only">
                <input type="checkbox" data-pick-all data-testid="pick-all"/>
                <span>"Select all on this page"</span>
            </label>
            <LayoutSwitch layout filter=filter.clone()/>
        </div>
        <ul class=format!("rows {}", layout.word()) aria-label="Documents" data-testid="documents">{rows}</ul>
        <BulkBar topics back/>
    }
    .into_any()
}

/// What stands where the rows would be, when there are none.
fn instead_of_rows(list: &DocumentList, filter: &Filter) -> AnyView {
    if list.total > 0 {
        no_such_page(filter).into_any()
    } else if filter.narrows() {
        no_match().into_any()
    } else {
        first_use().into_any()
    }
}

fn first_use() -> impl IntoView {
    view! {
        <EmptyState title="Nothing is here yet">
            <p>
                "Upload a letter, a contract or a photo of one: with the button above, or by dropping files or whole folders anywhere in this window. "
                "DocuVault reads each file and files it under your topics."
            </p>
            <p><a href="/topics">"Set up topics"</a></p>
        </EmptyState>
    }
}

fn no_match() -> impl IntoView {
    view! {
        <EmptyState title="No document matches">
            <p>"Search for another part of the name, choose another topic or status, or clear the filter."</p>
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
