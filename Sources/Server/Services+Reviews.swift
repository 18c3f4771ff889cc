import Correspondence

extension Services {
    /// Draws mails for learning when they have left.
    package var sampling: ReviewSampling {
        ReviewSampling(
            rules: ReviewRules(members: members, events: stores.events), reviews: ReviewStore(ids: ids))
    }
}
