// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/outlines.h"

#include <algorithm>

#include "models/event/json/json_lexer.h"

namespace weir {

namespace {

constexpr std::uint32_t credit_max = 4096;
constexpr std::uint32_t learning_cost = 64;
constexpr std::uint32_t hit_earns = 8;
constexpr std::uint32_t misses_in_doubt = 8; // in a row: after them only one in so many is tried
constexpr std::uint32_t tried_in_doubt = 16;
constexpr std::uint32_t alternatives_max = 32;
constexpr std::uint32_t depth_max = 32;

} // namespace

/// Walks over a tape and adds a step for each value, with the text since the one before.
class Outlines::Learner {
  public:
    Learner(Outlines& outlines, const PathTrie& trie)
        : m_outlines(outlines)
        , m_trie(trie)
        , m_text(outlines.m_tape.text()) {}

    /// False: there is no room for it.
    bool learn_all() {
        if (learn(0, PathTrie::root))
            add(m_text.size(), Then::End, PathTrie::no_slot);
        return m_step != no_step;
    }

  private:
    const TapeNode& node(std::uint32_t at) const { return m_outlines.m_tape.nodes()[at]; }

    bool learn(std::uint32_t at, PathTrie::Node wanted) {
        const TapeNode& value = node(at);
        const std::uint16_t slot =
            wanted == PathTrie::none ? PathTrie::no_slot : m_trie.slot(wanted);
        switch (value.kind) {
        case JsonKind::Object:
            return slot == PathTrie::no_slot && value.depth < depth_max &&
                   learn_members(at, wanted);
        case JsonKind::Array:
            return slot == PathTrie::no_slot && value.depth < depth_max && learn_elements(at);
        default:
            if (!add(value.offset, value.kind == JsonKind::String ? Then::String : Then::Scalar,
                     slot))
                return false;
            m_behind = value.offset + value.length;
            return true;
        }
    }

    bool learn_members(std::uint32_t object, PathTrie::Node wanted) {
        const PathTrie::Members members =
            wanted == PathTrie::none ? PathTrie::Members() : m_trie.members(wanted);
        for (std::uint32_t at = object + 1; at < node(object).next; at = node(at + 1).next) {
            const std::string_view key = m_outlines.m_tape.text_of(at, m_key);
            if (!learn(at + 1, m_trie.child(members, key, key.data() + key.size())))
                return false;
        }
        return true;
    }

    bool learn_elements(std::uint32_t array) {
        for (std::uint32_t at = array + 1; at < node(array).next; at = node(at).next) {
            if (!learn(at, PathTrie::none))
                return false;
        }
        return true;
    }

    /// The text from the last value up to `to`, in as many steps as it takes. False: no room.
    bool add(std::size_t to, Then then, std::uint16_t slot) {
        std::string_view text = m_text.substr(m_behind, to - m_behind);
        for (; text.size() > text_max && m_step != no_step; text.remove_prefix(text_max))
            m_step =
                m_outlines.add(m_step, text.substr(0, text_max), Then::Text, PathTrie::no_slot);
        if (m_step != no_step)
            m_step = m_outlines.add(m_step, text, then, slot);
        return m_step != no_step;
    }

    Outlines& m_outlines;
    const PathTrie& m_trie;
    const std::string_view m_text;
    std::size_t m_behind = 0; // the last value
    StepId m_step = 0;
    std::string m_key;
};

template <class Masks>
inline bool Outlines::stands_at(const Step& step, const char* p, const char* end) {
    static_assert(text_max == mask_bytes);
    if (end - p >= static_cast<std::ptrdiff_t>(text_max))
        return (~Masks::same(p, step.text.data()) & step.counted) == 0;
    return end - p >= step.size && std::memcmp(p, step.text.data(), step.size) == 0;
}

template <class Masks>
inline const char* Outlines::read_with(std::string_view text, Capture* captures) const {
    JsonLexer<Masks> lexer(text);
    const Step* const steps = m_steps.data();
    const char* p = text.data();
    const char* const end = p + text.size();
    for (StepId at = steps[0].next; at != no_step;) {
        const Step& step = steps[at];
        if (!stands_at<Masks>(step, p, end)) {
            at = step.other;
            continue;
        }
        p += step.size;
        at = step.next;
        const char* const from = p;
        JsonKind kind = JsonKind::String;
        bool escaped = false;
        if (step.then == Then::String)
            p = lexer.string(p, escaped);
        else if (step.then == Then::Scalar)
            p = lexer.scalar(p, kind);
        else if (step.then == Then::Text)
            continue;
        else
            return p;
        if (p == nullptr)
            return nullptr;
        if (step.slot != PathTrie::no_slot)
            captures[step.slot] = {from, static_cast<std::uint32_t>(p - from), kind, escaped};
    }
    return nullptr;
}

#if defined(__x86_64__)
WEIR_TARGET_AVX2 const char* Outlines::read_avx2(std::string_view text, Capture* captures) const {
    return read_with<Avx2Masks>(text, captures);
}
#endif

bool Outlines::worth_trying() {
    if (m_steps.empty())
        return false;
    return m_misses < misses_in_doubt || ++m_passed_over % tried_in_doubt == 0;
}

const char* Outlines::read(std::string_view text, Capture* captures) {
    if (!worth_trying())
        return nullptr;
#if defined(__x86_64__)
    const char* const behind =
        has_avx2() ? read_avx2(text, captures) : read_with<BaselineMasks>(text, captures);
#else
    const char* const behind = read_with<BaselineMasks>(text, captures);
#endif
    if (behind == nullptr) {
        ++m_misses;
    } else {
        m_misses = 0;
        m_credit = std::min(m_credit + hit_earns, credit_max);
    }
    return behind;
}

/// The step with that text behind `before`, made if need be; no_step: there is no room.
Outlines::StepId Outlines::add(StepId before, std::string_view text, Then then,
                               std::uint16_t slot) {
    // Where one text begins as another does, the longer one is tried first: `,"n":"` of a string
    // before `,"n":` of a number.
    StepId* link = &m_steps[before].next;
    std::uint32_t alternatives = 0;
    for (; *link != no_step; link = &m_steps[*link].other) {
        const Step& there = m_steps[*link];
        const std::string_view known(there.text.data(), there.size);
        if (known == text && there.then == then && there.slot == slot)
            return *link;
        if (text.substr(0, known.size()) == known || ++alternatives == alternatives_max)
            break;
    }
    if (alternatives == alternatives_max || m_steps.size() == steps_max)
        return no_step;
    Step step;
    std::copy(text.begin(), text.end(), step.text.begin());
    step.size = static_cast<std::uint8_t>(text.size());
    step.counted = text.size() == text_max ? UINT32_MAX : (std::uint32_t{1} << text.size()) - 1;
    step.then = then;
    step.slot = slot;
    step.other = *link;
    *link = static_cast<StepId>(m_steps.size());
    m_steps.push_back(step); // `link` may be dangling from here on
    return static_cast<StepId>(m_steps.size() - 1);
}

void Outlines::learn(const PathTrie& trie, std::string_view object) {
    constexpr std::uint32_t values_max = 256; // of an event whose like will hardly come again
    if (++m_credit < learning_cost || !m_tape.parse(object, {.nodes = values_max}))
        return;
    m_credit -= learning_cost;
    if (m_steps.empty())
        m_steps.emplace_back();
    if (!Learner(*this, trie).learn_all())
        m_steps.clear();
}

} // namespace weir
