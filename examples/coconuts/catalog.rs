//! What is for sale.

/// The articles, and what they cost today.
#[derive(Debug)]
pub(super) struct Catalog {
    articles: Vec<Article>,
}

/// One thing to buy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Article {
    pub(super) name: &'static str,
    pub(super) origin: &'static str,
    pub(super) description: &'static str,
    pub(super) euros: i64,
    /// An SVG image.
    pub(super) picture: &'static str,
}

impl Catalog {
    /// Returns all articles at the usual prices.
    pub(super) fn load() -> Self {
        let articles = ARTICLES.to_vec();
        Self { articles }
    }

    pub(super) fn articles(&self) -> &[Article] {
        &self.articles
    }

    pub(super) fn adjust_prices(&mut self, euros: i64) {
        for article in &mut self.articles {
            article.euros += euros;
        }
    }
}

const ARTICLES: [Article; 6] = [
    Article {
        name: "Young green coconut",
        origin: "Kerala, India",
        description: "For drinking. We take the top off, you bring the thirst.",
        euros: 4,
        picture: include_str!("pictures/green.svg"),
    },
    Article {
        name: "Ripe brown coconut",
        origin: "Côte d’Ivoire",
        description: "Thick, firm flesh under a shell that puts up a fight.",
        euros: 3,
        picture: include_str!("pictures/brown.svg"),
    },
    Article {
        name: "King coconut",
        origin: "Sri Lanka",
        description: "Orange outside, sweeter inside. The water is the point.",
        euros: 6,
        picture: include_str!("pictures/king.svg"),
    },
    Article {
        name: "Opened half",
        origin: "Davao, Philippines",
        description: "Cracked this morning. A spoon is all it takes.",
        euros: 5,
        picture: include_str!("pictures/half.svg"),
    },
    Article {
        name: "Coconut water, 0.5 l",
        origin: "Ceará, Brazil",
        description: "Pressed from green nuts, bottled, and nothing added.",
        euros: 4,
        picture: include_str!("pictures/bottle.svg"),
    },
    Article {
        name: "Toasted flakes, 200 g",
        origin: "Bến Tre, Vietnam",
        description: "Crisp, golden, gone by the evening.",
        euros: 5,
        picture: include_str!("pictures/flakes.svg"),
    },
];
