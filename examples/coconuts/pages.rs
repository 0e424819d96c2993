//! The pages as HTML. No text in them comes from a visitor, so that nothing is escaped.

use std::hash::{BuildHasher, RandomState};

use axum::response::Html;

use super::{
    catalog::{Article, Catalog},
    results,
    sets::Banner,
    visitor::Visitor,
};

pub(super) fn home(visitor: Visitor) -> Html<String> {
    let (name, password) = results::LOGIN;
    let main = format!(
        include_str!("html/home.html"),
        green = include_str!("pictures/green.svg"),
        half = include_str!("pictures/half.svg"),
        brown = include_str!("pictures/brown.svg"),
        results = results::PATH,
        name = name,
        password = password,
    );
    page("Home", visitor, &main)
}

pub(super) fn coconuts(visitor: Visitor, catalog: &Catalog, banner: Banner) -> Html<String> {
    let articles = catalog.articles().iter().enumerate();
    let articles: String = articles.map(|(index, item)| article(index, item)).collect();
    let banner = match banner {
        Banner::Nothing => "",
        Banner::FreeDelivery => include_str!("html/free_delivery.html"),
        Banner::FreshToday => include_str!("html/fresh_today.html"),
    };
    let main = format!(
        include_str!("html/coconuts.html"),
        banner = banner,
        articles = articles,
    );
    page("Coconuts", visitor, &main)
}

pub(super) fn sold(visitor: Visitor, article: &Article) -> Html<String> {
    let main = format!(
        include_str!("html/sold.html"),
        picture = article.picture,
        name = article.name,
        euros = article.euros,
    );
    page("Thank you", visitor, &main)
}

pub(super) fn login(visitor: Visitor) -> Html<String> {
    page("VIP login", visitor, include_str!("html/login.html"))
}

pub(super) fn not_found(visitor: Visitor) -> Html<String> {
    page("Not found", visitor, include_str!("html/not_found.html"))
}

fn article(index: usize, article: &Article) -> String {
    format!(
        include_str!("html/article.html"),
        index = index,
        order = order(),
        picture = article.picture,
        name = article.name,
        origin = article.origin,
        description = article.description,
        euros = article.euros,
    )
}

/// Returns the number of an order that may be placed. The standard library seeds each of its
/// hashers at random.
fn order() -> String {
    let bits = |_| format!("{:016x}", RandomState::new().hash_one(()));
    (0..2).map(bits).collect()
}

fn page(title: &str, visitor: Visitor, main: &str) -> Html<String> {
    Html(format!(
        include_str!("html/page.html"),
        title = title,
        style = include_str!("style.css"),
        home = link("/", "Home", title),
        coconuts = link("/coconuts", "Coconuts", title),
        account = account(visitor, title),
        main = main,
    ))
}

fn account(visitor: Visitor, title: &str) -> String {
    match visitor.is_vip {
        true => include_str!("html/logout.html").to_owned(),
        false => link("/login", "VIP login", title),
    }
}

fn link(path: &str, text: &str, title: &str) -> String {
    let current = if text == title {
        " aria-current=\"page\""
    } else {
        ""
    };
    format!("<li><a href=\"{path}\"{current}>{text}</a></li>")
}
