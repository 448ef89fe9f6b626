// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people have agreed about the fields of one type of events: which are personal, and of which
// class; which are not. A tree of members, walked beside a payload. Whose agreement it is (a
// contract's) is not known here. What repeats itself at any depth leads back to where it was said.
// Several things can be said of one value, as a name may be in several patterns: then all of them
// are followed together, and the strictest counts.
//
// Thread contract: immutable once built, shared. Bound: its builder's fields; strictest() has its
// own, beyond which all is personal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// What is known of a form beforehand, for where drawing alone does not meet it.
struct FormHints {
    std::string prefix, suffix;              // every text begins, ends with it
    std::size_t characters_max = 0;          // of a text; 0: any
    std::optional<std::int64_t> least, most; // of a number
    std::int64_t step = 0;                   // a number is a multiple of it; 0: of nothing
};

/// What a value at a place may be, so that a token in its stead is one as well.
class ValueForm {
  public:
    virtual ~ValueForm() = default;
    virtual bool allows(std::string_view json) const = 0;
    /// All values there may be, as JSON; empty: they are not listed.
    virtual const std::vector<std::string>& choices() const = 0;
    virtual FormHints hints() const { return {}; }
};

/// A set of members' names.
class NamePattern {
  public:
    virtual ~NamePattern() = default;
    virtual bool matches(std::string_view name) const = 0;
};
/// Of the text between braces in a pointer; null: every name.
using NamePatterns = std::function<std::shared_ptr<const NamePattern>(const std::string&)>;

/// The reason for masking an event that is encoded as a whole.
inline constexpr std::string_view encoded_event = "encoded";

/// A member as a step of the pointers below: "/sku". Where its name looks like another step (`*`, a
/// number, in braces) it is marked as what it is, "/~2*": RFC 6901 has no such escape.
std::string member_step(std::string_view name);
/// The name that such a step stands for, without its slash.
std::string plain_step(std::string_view step);

class FieldClasses {
  private:
    struct Node;

  public:
    /// Of several that are said of one value the last one in this order counts.
    enum class Said : std::uint8_t {
        Shown, // not personal, whatever it looks like; holds for a value and for the elements of
               // a list, not for the members of an object
        Nothing,
        Quotes,   // may quote from the event: personal if it does so of what is masked in it
        Event,    // the event itself begins here: what is around it is an envelope
        Personal, // with all below it of which nothing else is said
    };

    /// With `patterns` a step in braces is no name: `{*}` is any member that nothing else fits, and
    /// `{^utm_}` any that is not named and whose name is in that pattern.
    explicit FieldClasses(NamePatterns patterns = {});
    /// "/properties/items/*/sku" (RFC 6901; `*` is any element but those that are said by their
    /// numbers, "/pair/0"). "": the event as a whole.
    /// `reason` is kept as a view: it must outlive this. What is said last counts.
    void say(std::string_view pointer, Said said, std::string_view reason = {},
             std::shared_ptr<const ValueForm> form = nullptr);
    /// Below `pointer` holds what holds below `as`, and so on without end. REQUIRES: something is
    /// said of both, and all of what lies below `as`; nothing is said below `pointer`.
    void repeat(std::string_view pointer, std::string_view as);

    /// All of them at once: personal is what one of them calls so, or what is around it; shown, if
    /// they are trusted in that, what all others say that name it. REQUIRES: they say something
    /// (Nothing, too) of each step of their pointers. Bound: strictest_nodes_max places; beyond,
    /// all is personal.
    static FieldClasses strictest(const std::vector<const FieldClasses*>& all, bool trusts_shown);
    static constexpr std::size_t strictest_nodes_max = 500'000;

    /// What the nearest statement around a pointer without `*` ("/items/0/sku") says of it.
    Said at(std::string_view pointer) const;
    /// Why anything that stands at a dotted path without indexes ("items.sku"), or around it, is
    /// masked; "": nothing of it is.
    std::string_view reason_at(std::string_view path) const;

    /// What is said of one value: a place in the tree, or several that may all be meant. Of default
    /// value it is outside of what anybody has agreed on.
    class Place {
      public:
        Place() = default;
        /// The root. Null: nothing is agreed on.
        explicit Place(const FieldClasses* tree)
            : m_tree(tree) {}
        explicit operator bool() const { return m_tree != nullptr; }
        Said said() const;
        std::string_view reason() const;
        const ValueForm* form() const;
        /// Something is said of what lies below.
        bool has_below() const;
        /// The member of that name. Asked for in the order in which they were said, a member is
        /// found at once.
        Place member(std::string_view name);
        Place element(std::uint32_t index) const;

      private:
        friend class FieldClasses;
        Place(const FieldClasses& tree, std::uint32_t number)
            : m_tree(&tree)
            , m_node(number) {}
        const Node& node() const;
        Place element(std::string_view index) const;
        void add(const FieldClasses& tree, std::uint32_t number);
        void add(const Place& other);
        void add_step(const Place& step);
        template <class Visit>
        void each(Visit visit) const {
            if (m_tree != nullptr)
                visit(m_node);
            for (const std::uint32_t number : m_also)
                visit(number);
        }
        const FieldClasses* m_tree = nullptr;
        std::uint32_t m_node = 0;          // the strictest
        std::uint32_t m_expected = 0;      // of its members: the one behind the last that was found
        std::vector<std::uint32_t> m_also; // the others; seldom are there any
        bool m_unsaid = false;             // one that was meant further up says nothing of it
    };

  private:
    using Steps = std::vector<std::pair<std::string, std::uint32_t>>;
    struct Node {
        Said said = Said::Nothing;
        std::string_view reason;
        std::uint32_t element = 0; // any other; 0: none
        std::uint32_t member = 0;  // likewise
        Steps elements, members;   // by number, by name
        struct Pattern {
            std::string text;
            std::shared_ptr<const NamePattern> names; // null: every one
            std::uint32_t node;
        };
        std::vector<Pattern> patterns;
        std::shared_ptr<const ValueForm> form;
    };
    class Strictest;
    struct Looked; // places that were looked into on the way to a reason
    std::uint32_t& child(std::uint32_t node, std::string_view token, std::uint32_t fresh);
    std::uint32_t place_of(std::string_view pointer);
    static std::uint32_t found_in(const Steps& steps, std::string_view name,
                                  std::uint32_t& expected);
    void add_unnamed(std::uint32_t node, std::string_view name, Place& to) const;
    std::string_view reason_below(std::uint32_t node, std::string_view path, Looked& looked) const;
    NamePatterns m_patterns;
    std::vector<Node> m_nodes;
};

inline const FieldClasses::Node& FieldClasses::Place::node() const {
    return m_tree->m_nodes[m_node];
}
inline FieldClasses::Said FieldClasses::Place::said() const {
    if (m_tree == nullptr)
        return Said::Nothing;
    return m_unsaid ? std::max(node().said, Said::Nothing) : node().said;
}
inline std::string_view FieldClasses::Place::reason() const {
    return node().reason;
}
inline const ValueForm* FieldClasses::Place::form() const {
    return m_tree == nullptr ? nullptr : node().form.get();
}
inline bool FieldClasses::Place::has_below() const {
    bool any = false;
    each([&](std::uint32_t number) {
        const Node& node = m_tree->m_nodes[number];
        any = any || !node.members.empty() || !node.elements.empty() || node.element != 0 ||
              node.member != 0 || !node.patterns.empty();
    });
    return any;
}

/// One event of a value, and what is agreed about its fields. It lives as long as the policy.
struct EventFields {
    std::uint32_t begin = 0;              // where it begins, in the value
    const FieldClasses* around = nullptr; // its envelope; null: there is none
    const FieldClasses* agreed = nullptr; // null: nothing is
};

} // namespace weir
