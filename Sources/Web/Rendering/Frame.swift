/// What stands around every page: the rail, the search field, the person's menu, what happened just now.
package struct Frame: Sendable {
    /// The interface's language tag and `ltr` or `rtl`.
    package let language: String
    package let direction: String
    /// `auto`, `light` or `dark`.
    package let theme: String
    package let assets: Assets
    package let person: Person?
    package let rooms: [Room]
    /// Rooms that a phone's bar has no place for: it shows four and "more".
    package let later: LaterRooms?
    package let search: Search?
    package let newTicketPath: String?
    package let preferences: Preferences?
    /// Hidden field of every form, masked anew for every page.
    package let formToken: String
    package let notices: [Notice]
    /// The pages of the room that was entered, where it has several.
    package let roomPages: RoomPages?
    package var bell: Bell?
    package var live: Live?
    /// Whose desk this is; absent until somebody has said so.
    package var organisation: String?

    package init(
        language: String, direction: String, theme: String = "auto", assets: Assets, person: Person? = nil,
        rooms: [Room] = [], search: Search? = nil, newTicketPath: String? = nil, preferences: Preferences? = nil,
        formToken: String, notices: [Notice] = [], roomPages: RoomPages? = nil
    ) {
        self.language = language
        self.direction = direction
        self.theme = theme
        self.assets = assets
        self.person = person
        self.rooms = rooms
        later = rooms.count > LaterRooms.places ? LaterRooms(rooms: Array(rooms[(LaterRooms.places - 1)...])) : nil
        self.search = search
        self.newTicketPath = newTicketPath
        self.preferences = preferences
        self.formToken = formToken
        self.notices = notices
        self.roomPages = roomPages
    }

    /// The same frame with one room marked as entered, and its pages.
    func entering(_ room: String, _ section: String) -> Frame {
        let pages = rooms.first { $0.id == room }?.pages ?? []
        let current = section.isEmpty ? pages.first?.id : section
        let tabs = pages.map { Tab($0.name, $0.path, isCurrent: $0.id == current) }
        var frame = Frame(
            language: language, direction: direction, theme: theme, assets: assets, person: person,
            rooms: rooms.map { $0.entered($0.id == room) }, search: search, newTicketPath: newTicketPath,
            preferences: preferences, formToken: formToken, notices: notices,
            roomPages: tabs.count < 2 ? nil : RoomPages(tabs: tabs))
        frame.bell = bell
        frame.live = live
        frame.organisation = organisation
        return frame
    }
}

extension Frame {
    /// Addresses of the static files, with their content hash.
    package struct Assets: Sendable {
        package let stylesheet: String
        package let script: String
        package let icons: String
        package let favicon: String

        package init(stylesheet: String, script: String, icons: String, favicon: String) {
            self.stylesheet = stylesheet
            self.script = script
            self.icons = icons
            self.favicon = favicon
        }
    }

    /// Who is signed in.
    package struct Person: Sendable {
        package let name: String
        package let email: String
        package let signOutPath: String
        package let accountPath: String

        package init(name: String, email: String, signOutPath: String, accountPath: String) {
            self.name = name
            self.email = email
            self.signOutPath = signOutPath
            self.accountPath = accountPath
        }
    }

    /// An entry of the rail. `icon` is a symbol of `icons.svg`; `count` waits for this person, absent when none.
    package struct Room: Sendable {
        package let id: String
        package let name: Phrase
        package let icon: String
        package let path: String
        package let count: Int?
        /// The count as people read it.
        package let figure: Phrase?
        package let isEntered: Bool
        package let pages: [RoomPage]
        /// The key that leads there after `g`.
        package let shortcut: Shortcut?

        /// Letters after `g`, by room.
        private static let keys = [
            "home": "h", "tickets": "t", "oncall": "o", "knowledge": "k", "reviews": "r", "incidents": "i",
            "queues": "q", "members": "m", "safety": "f", "care": "c",
        ]

        package init(
            id: String, name: Phrase, icon: String, path: String, count: Int? = nil, isEntered: Bool = false,
            pages: [RoomPage] = []
        ) {
            self.id = id
            self.name = name
            self.icon = icon
            self.path = path
            self.count = count
            figure = count.map { Phrase.figure($0) }
            self.isEntered = isEntered
            self.pages = pages
            shortcut = Self.keys[id].map { Shortcut(key: $0, meaning: Phrase("web-keys-room", .phrase(name))) }
        }

        /// The same with what waits for this person; none for 0.
        package func waiting(_ count: Int) -> Room {
            Room(
                id: id, name: name, icon: icon, path: path, count: count > 0 ? count : nil, isEntered: isEntered,
                pages: pages)
        }

        func entered(_ isEntered: Bool) -> Room {
            Room(id: id, name: name, icon: icon, path: path, count: count, isEntered: isEntered, pages: pages)
        }
    }

    /// A key and what it does, for the sheet of keys.
    package struct Shortcut: Sendable {
        package let key: String
        package let meaning: Phrase
    }

    /// What stands under "more".
    package struct LaterRooms: Sendable {
        /// Of a phone's bar.
        static let places = 5

        package let rooms: [Room]
        package let isEntered: Bool
        /// Whether something waits in one of them.
        package let isWaiting: Bool

        init(rooms: [Room]) {
            self.rooms = rooms
            isEntered = rooms.contains(where: \.isEntered)
            isWaiting = rooms.contains { $0.count != nil }
        }
    }

    /// The pages of the room that was entered.
    package struct RoomPages: Sendable {
        package let tabs: [Tab]
    }

    /// One page of a room.
    package struct RoomPage: Sendable {
        package let id: String
        package let name: Phrase
        package let path: String

        package init(_ id: String, _ name: Phrase, _ path: String) {
            self.id = id
            self.name = name
            self.path = path
        }
    }

    /// Notices that wait: a link with their count, absent when there are none.
    package struct Bell: Sendable {
        package let path: String
        package let label: Phrase
        package let count: Int?

        package init(path: String, count: Int) {
            self.path = path
            label = Phrase("web-notices", .number(count))
            self.count = count > 0 ? count : nil
        }
    }

    /// Where the page's script hears what changes, and how much the page knows: a number of the history.
    package struct Live: Sendable {
        package let streamPath: String
        package let changesPath: String
        package let cursor: String

        package init(streamPath: String, changesPath: String, cursor: String) {
            self.streamPath = streamPath
            self.changesPath = changesPath
            self.cursor = cursor
        }
    }

    /// The search field of the top bar; GET with field `query`.
    package struct Search: Sendable {
        package let path: String
        package let query: String

        package init(path: String, query: String = "") {
            self.path = path
            self.query = query
        }
    }

    /// What a person chooses for themselves; POST with fields `theme`, `language` and, when ticked, `keys`.
    package struct Preferences: Sendable {
        package let path: String
        /// Where one was.
        package let next: String
        package let themes: [Choice]
        package let languages: [Choice]
        package let hasKeys: Bool

        package init(path: String, next: String, themes: [Choice], languages: [Choice], hasKeys: Bool) {
            self.path = path
            self.next = next
            self.themes = themes
            self.languages = languages
            self.hasKeys = hasKeys
        }
    }

    /// What just happened, or what needs care; with an action such as undo or a link.
    package struct Notice: Sendable {
        package enum Kind: String, PageCase { case done, warning, error }

        package let kind: Kind
        package let text: Phrase
        package let action: NoticeAction?
        package let link: Link?

        package init(_ kind: Kind, _ text: Phrase, action: NoticeAction? = nil, link: Link? = nil) {
            self.kind = kind
            self.text = text
            self.action = action
            self.link = link
        }
    }

    /// A button in a notice; POST without fields.
    package struct NoticeAction: Sendable {
        package let name: Phrase
        package let path: String

        package init(_ name: Phrase, _ path: String) {
            self.name = name
            self.path = path
        }
    }
}
