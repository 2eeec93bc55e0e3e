//! Everybody's accounts: searched, a page at a time.

use super::{
    badge::{AccountBadge, role_word, token_words},
    new::{CreateForm, InviteForm},
    search::{Search, SearchForm},
};
use crate::{
    AppError, format,
    server_fns::admin::{list_users, take_link},
    ui::{
        once::ShownOnce,
        pager::{Pager, page_count},
        panel::{EmptyState, ErrorPanel, Skeleton},
        when::When,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::{ManagedUser, UserList};

/// `/admin/users`
#[component]
pub(crate) fn UsersPage() -> impl IntoView {
    let query = use_query_map();
    let search = Memo::new(move |_| Search::from_query(&query.read()));
    let users = Resource::new(
        move || search.get(),
        |search| list_users(Some(search.text), Some(search.page)),
    );
    let link = Resource::new(|| (), |()| take_link());
    let done = move || done_words(query.read().get("done").as_deref());
    view! {
        <Title text="Users"/>
        <p class="saved good-text" role="status" data-testid="users-done">{done}</p>
        <Transition fallback=|| view! { <Skeleton rows=6/> }>
            {move || {
                let link = link.get()?.ok().flatten();
                Some(body(users.get()?, link, &search.get()))
            }}
        </Transition>
    }
    .into_any()
}

fn done_words(done: Option<&str>) -> Option<&'static str> {
    match done? {
        "mailed" => Some("The invitation is on its way."),
        "deleted" => Some("The account is deleted."),
        _ => None,
    }
}

fn invitation(text: String) -> AnyView {
    view! {
        <ShownOnce
            text
            label="The invitation"
            words="Send this link to the person you invite. It works once, for seven days, and this is the only time that it is shown."
            testid="link-text"
        />
    }
    .into_any()
}

fn body(result: Result<UserList, AppError>, link: Option<String>, search: &Search) -> AnyView {
    let list = match result {
        Err(error) => return view! { <ErrorPanel error/> }.into_any(),
        Ok(list) => list,
    };
    let foot = foot(&list, search);
    let shown = match list.users.is_empty() {
        true => nobody(search),
        false => table(list.users),
    };
    view! {
        <header class="page-head">
            <h1>"Users"</h1>
            <nav class="actions" aria-label="The vault">
                <a class="button" href="/admin/pipeline" data-testid="to-whole-pipeline">"Pipeline"</a>
                <a class="button" href="/admin/activity" data-testid="to-everybodys-activity">"Everybody's activity"</a>
                <a class="button" href="/admin/store" data-testid="to-store">"Check the store"</a>
            </nav>
        </header>
        {link.map(invitation)}
        <div class="newcomers"><InviteForm/> <CreateForm/></div>
        <SearchForm text=search.text.clone()/>
        {shown}
        {foot}
    }
    .into_any()
}

fn nobody(search: &Search) -> AnyView {
    let first = search.address(1);
    view! {
        <EmptyState title="Nobody is here">
            <p>"No account's handle or address holds that, or there are fewer pages."</p>
            <p><a class="button" href=first>"Go to the first page"</a></p>
        </EmptyState>
    }
    .into_any()
}

fn table(users: Vec<ManagedUser>) -> AnyView {
    let rows: Vec<AnyView> = users.into_iter().map(row).collect();
    view! {
        <table class="users" role="table" data-testid="users">
            <thead>
                <tr>
                    <th scope="col">"Account"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Room"</th>
                    <th scope="col">"Tokens this month"</th>
                    <th scope="col">"Last seen"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(user: ManagedUser) -> AnyView {
    let href = format!("/admin/users/{}", user.id);
    let room = format!(
        "{} of {}",
        format::size(user.used_bytes),
        format::size(user.limit_bytes)
    );
    let handle = user.handle.clone();
    let seen = match user.last_seen_at {
        Some(at) => view! { <When at/> }.into_any(),
        None => view! { "Not lately" }.into_any(),
    };
    view! {
        <tr role="row" data-testid="user-row" data-handle=handle>
            <th scope="row" role="rowheader">
                <a href=href data-testid="user-link">{user.handle}</a>
                <span class="hint">{user.email}</span>
            </th>
            <td role="cell" data-label="Role">{role_word(&user.role)}</td>
            <td role="cell" data-label="Status"><AccountBadge is_active=user.is_active has_password=user.has_password/></td>
            <td role="cell" data-label="Room" class="tabular">{room}</td>
            <td role="cell" data-label="Tokens this month" class="tabular">
                {token_words(user.ai_used_tokens, user.ai_monthly_tokens)}
            </td>
            <td role="cell" data-label="Last seen">{seen}</td>
        </tr>
    }
    .into_any()
}

fn foot(list: &UserList, search: &Search) -> AnyView {
    let pages = page_count(list.total, list.per_page);
    let previous = (list.page > 1).then(|| search.address(list.page - 1));
    let next = (list.page < pages).then(|| search.address(list.page + 1));
    let total = format::counted(list.total, "account");
    view! {
        <footer class="list-foot">
            <p class="muted tabular" data-testid="total">{total}</p>
            <Pager page=list.page pages previous next words=("Previous", "Next")/>
        </footer>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_done_is_said() {
        assert!(done_words(Some("deleted")).is_some());
        for nothing in [None, Some(""), Some("<b>"), Some("invited")] {
            assert_eq!(done_words(nothing), None);
        }
    }
}
