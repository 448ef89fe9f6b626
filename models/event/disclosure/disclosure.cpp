// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/disclosure.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>

#include "models/event/decode/dialect.h"
#include "models/event/disclosure/decoded_text.h"
#include "models/event/disclosure/envelope.h"
#include "models/event/disclosure/json_masker.h"
#include "models/event/disclosure/mask_text.h"
#include "models/event/disclosure/masked_texts.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/event/json/utf8.h"
#include "models/event/sighting.h"

namespace weir {
namespace {

constexpr std::string_view too_large = "too large";
constexpr std::size_t too_large_characters = 64; // what is shown instead

class NoPolicy : public DisclosurePolicy {
  public:
    std::string_view name() const override { return "none"; }
    bool masks() const override { return false; }
    std::string_view verdict(std::string_view, std::string_view) const override { return {}; }
};

class DetectorPolicy : public DisclosurePolicy {
  public:
    DetectorPolicy() {
        const auto dialects =
            std::static_pointer_cast<const LoadedDialects>(DialectSet::built_in());
        for (const Dialect& dialect : dialects->all())
            if (auto around = envelope_of(dialect))
                m_envelopes.emplace(dialect.name, std::move(around));
    }
    std::string_view name() const override { return "detectors"; }
    bool masks() const override { return true; }
    /// Of an event nothing is agreed; of a dead letter, where in it the event is.
    EventFields fields_of(std::string_view dialect, std::string_view,
                          std::optional<std::int64_t>) const override {
        EventFields fields;
        if (const auto known = m_envelopes.find(dialect); known != m_envelopes.end())
            fields.around = known->second.get();
        return fields;
    }
    std::string_view verdict(std::string_view path, std::string_view text) const override {
        std::string_view parent;
        for (std::size_t begin = 0; begin <= path.size();) { // an outer name covers what is below
            const std::size_t end = std::min(path.find('.', begin), path.size());
            const std::string_view name = path.substr(begin, end - begin);
            FieldClass by_name = class_of_name(name, parent);
            if (by_name == FieldClass::None && end == path.size())
                by_name = class_of_scalar(name);
            if (by_name != FieldClass::None)
                return to_word(by_name);
            parent = name;
            begin = end + 1;
        }
        return TextJudge(wrapped_json_max).judge(text);
    }

  private:
    std::map<std::string, std::unique_ptr<const FieldClasses>, std::less<>> m_envelopes;
};

class TokenPolicy : public DisclosurePolicy {
  public:
    TokenPolicy(std::shared_ptr<const DisclosurePolicy> policy,
                std::shared_ptr<const Tokeniser> tokeniser)
        : m_policy(std::move(policy))
        , m_tokeniser(std::move(tokeniser)) {}
    std::string_view name() const override { return "tokens"; }
    bool masks() const override { return m_policy->masks(); }
    bool detects() const override { return m_policy->detects(); }
    const Tokeniser* tokens() const override { return m_tokeniser.get(); }
    EventFields fields_of(std::string_view dialect, std::string_view type,
                          std::optional<std::int64_t> version) const override {
        return m_policy->fields_of(dialect, type, version);
    }
    std::string_view verdict(std::string_view path, std::string_view text) const override {
        return m_policy->verdict(path, text);
    }

  private:
    const std::shared_ptr<const DisclosurePolicy> m_policy;
    const std::shared_ptr<const Tokeniser> m_tokeniser;
};

/// A shorter text stands in many a payload without meaning anybody.
constexpr std::size_t repeated_bytes_min = 3;

/// Of a record's key and headers so many are remembered while its events are disclosed.
constexpr std::size_t verdicts_max = 256;

/// What stands beside a value.
enum class Beside { Key, HeaderName, HeaderValue };

/// A binary header of this size is a number (a retry count, an offset), not somebody.
constexpr std::size_t binary_number_bytes_max = 8;

} // namespace

std::shared_ptr<const DisclosurePolicy> DisclosurePolicy::none() {
    static const auto policy = std::make_shared<const NoPolicy>();
    return policy;
}

std::shared_ptr<const DisclosurePolicy> DisclosurePolicy::built_in_detectors() {
    static const auto policy = std::make_shared<const DetectorPolicy>();
    return policy;
}

std::shared_ptr<const DisclosurePolicy>
DisclosurePolicy::tokenised(std::shared_ptr<const DisclosurePolicy> policy,
                            std::shared_ptr<const Tokeniser> tokeniser) {
    return std::make_shared<const TokenPolicy>(std::move(policy), std::move(tokeniser));
}

EventFields DisclosurePolicy::fields_of(std::string_view, std::string_view,
                                        std::optional<std::int64_t>) const {
    return {};
}

struct DisclosedRecord::Store {
    std::string value, key;
    std::deque<std::string> headers; // a deque: its strings stay where they are
};

struct Discloser::Private {
    Private(std::shared_ptr<const DisclosurePolicy> p, MaskedParts parts)
        : policy(std::move(p))
        , spans_max(parts == MaskedParts::Listed ? max_masked_spans : 0)
        , detects(policy->detects())
        , tokens(policy->tokens())
        , unknown(policy->fields_of({}, {}, std::nullopt))
        , masker(detects) {}

    DisclosedRecord::Store& store() {
        if (!made)
            made = std::make_shared<DisclosedRecord::Store>();
        return *made;
    }

    void disclose_value(DisclosedRecord& out, std::span<const EventFields> events);
    void disclose_key(DisclosedRecord& out);
    void disclose_headers(DisclosedRecord& out);
    void disclose_rest(DisclosedRecord& out);
    void mask_hits(std::string_view value, std::string& masked, std::vector<MaskedSpan>& spans);
    void append_hidden(const JsonMasker::Hit& hit, std::string& out);
    void append_hidden_part(std::string_view raw, std::string_view reason, std::string& out);
    void append_hidden_beside(std::string_view text, std::string& out);
    void mask_parts(const JsonMasker::Hit& hit, std::string& masked,
                    std::vector<MaskedSpan>& spans);
    bool repeats_masked(std::string_view text, Beside place);
    bool repeats_neighbour(std::string_view text, Beside place);
    bool stands_masked_in_record(std::string_view text, Beside place);
    void notice_record();
    void learn_neighbours();
    void collect(const JsonMasker& from, int depth, MaskedTexts& out);
    void collect_text(std::string_view text, int depth, MaskedTexts& out);
    bool must_mask(std::string_view name, std::string_view text, Beside place);

    std::shared_ptr<const DisclosurePolicy> policy;
    const std::size_t spans_max; // listed
    const bool detects;
    const Tokeniser* const tokens; // null: dots
    const EventFields unknown;     // what holds where it is not known what an event is
    JsonMasker masker;
    std::string unescaped; // scratch
    bool parsed = false;   // the masker's tape is that of the payload in work
    bool texts_known = false;
    MaskedTexts texts;       // masked in the payload in work, if texts_known
    std::string_view unread; // the payload in work if nobody knows what in it is personal
    std::unique_ptr<JsonMasker> inside[wrapped_json_max]; // of documents wrapped in masked texts
    std::shared_ptr<DisclosedRecord::Store> made;

    // Of a record that holds several events.
    std::string_view record; // its whole value; empty: the payload in work is all of it
    std::unique_ptr<JsonMasker> beside;
    const char* seen_at = nullptr; // the record that what follows is about
    std::size_t seen_size = 0;
    std::uint64_t seen_samples = 0;
    std::map<std::string, bool, std::less<>> verdicts[3]; // of its key and headers, by Beside
    bool learnt = false;
    bool neighbours_known = false; // false: it could not be parsed
    MaskedTexts neighbours;        // all masked texts of the record
};

namespace {

bool begins_json(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos &&
           (text[first] == '{' || text[first] == '[' || text[first] == '"');
}

/// Of a text of which nobody knows what is personal in it, nothing may stand beside it. An escape
/// may spell what its bytes do not. Of a header only numbers are taken for somebody's word by word:
/// it tells why a payload is broken in the words of that payload.
bool stands_in_unread(std::string_view unread, std::string_view text, Beside place) {
    return text == unread || unread.find("\\u") != std::string_view::npos ||
           (text.size() >= repeated_bytes_min && unread.find(text) != std::string_view::npos) ||
           (place != Beside::HeaderName && shares_word(text, unread, place != Beside::Key));
}

} // namespace

/// What is masked in a document, and in those that are wrapped in its masked texts.
void Discloser::Private::collect(const JsonMasker& from, int depth, MaskedTexts& out) {
    std::string own;
    for (const JsonMasker::Hit& hit : from.hits()) {
        const std::string_view text = from.tape().text_of(hit.node, own);
        for (std::uint32_t i = 0; i < hit.part_count; ++i) {
            const TextPart& part = from.parts()[hit.part_begin + i];
            collect_text(text.substr(part.begin, part.size), depth, out);
        }
        if (hit.part_count == 0)
            collect_text(text, depth, out);
    }
}

void Discloser::Private::collect_text(std::string_view text, int depth, MaskedTexts& out) {
    out.add(text);
    if (depth == wrapped_json_max)
        return;
    std::string unwrapped;
    const std::string_view json =
        !begins_json(text) && unwrap_text(text, unwrapped) ? std::string_view(unwrapped) : text;
    if (!begins_json(json))
        return;
    std::unique_ptr<JsonMasker>& inner = inside[depth];
    if (inner == nullptr)
        inner = std::make_unique<JsonMasker>();
    if (inner->find(json))
        collect(*inner, depth + 1, out);
}

/// The events of a record are disclosed one after the other; it must be looked through once, not
/// once an event. Another one at the same address and of the same size is told by samples: to hash
/// 16 MB for each of its 60,000 events would take minutes.
void Discloser::Private::notice_record() {
    constexpr std::size_t sample_bytes = 64;
    constexpr std::size_t samples_max = 64;
    std::uint64_t samples = 0;
    const std::size_t step = std::max(sample_bytes, record.size() / samples_max);
    for (std::size_t at = 0; at < record.size(); at += step)
        samples = samples * 0x9E3779B97F4A7C15 ^ hash_value(record.substr(at, sample_bytes));
    if (seen_at == record.data() && seen_size == record.size() && seen_samples == samples)
        return;
    seen_at = record.data();
    seen_size = record.size();
    seen_samples = samples;
    for (auto& of_place : verdicts)
        of_place.clear();
    learnt = false;
}

void Discloser::Private::learn_neighbours() {
    if (learnt)
        return;
    learnt = true;
    neighbours.clear();
    if (beside == nullptr)
        beside = std::make_unique<JsonMasker>(detects);
    // Which event a neighbour is does not matter: a name that is personal in any of them will do.
    neighbours_known =
        record.size() <= max_payload_bytes && beside->find_anywhere(record, unknown.agreed);
    if (!neighbours_known)
        return;
    collect(*beside, 0, neighbours);
}

bool Discloser::Private::repeats_neighbour(std::string_view text, Beside place) {
    if (record.empty())
        return false;
    notice_record();
    auto& of_place = verdicts[static_cast<std::size_t>(place)];
    const auto known = of_place.find(text);
    if (known != of_place.end())
        return known->second;
    const bool repeats = stands_masked_in_record(text, place);
    if (of_place.size() < verdicts_max)
        of_place.emplace(text, repeats);
    return repeats;
}

bool Discloser::Private::stands_masked_in_record(std::string_view text, Beside place) {
    learn_neighbours();
    return neighbours_known ? neighbours.repeated_in(text) : stands_in_unread(record, text, place);
}

/// The text of a masked member stands elsewhere too: a topic keyed by user id, say.
bool Discloser::Private::repeats_masked(std::string_view text, Beside place) {
    if (!parsed)
        return repeats_neighbour(text, place) ||
               (!unread.empty() && stands_in_unread(unread, text, place));
    if (!texts_known) {
        texts.clear();
        collect(masker, 0, texts);
        texts_known = true;
    }
    return texts.repeated_in(text) || repeats_neighbour(text, place);
}

bool Discloser::Private::must_mask(std::string_view name, std::string_view text, Beside place) {
    if (text.empty())
        return false;
    if (text.size() > max_payload_bytes || repeats_masked(text, place))
        return true;
    if (!detects)
        return false;
    if (masker.class_of(name, "") != FieldClass::None)
        return true;
    if (!is_utf8(text))
        return place != Beside::HeaderValue || text.size() > binary_number_bytes_max;
    return !masker.reason_of_text(text).empty();
}

/// What stands in the payload instead of what was found.
void Discloser::Private::append_hidden(const JsonMasker::Hit& hit, std::string& out) {
    const JsonTape& tape = masker.tape();
    const bool number = tape.nodes()[hit.node].kind == JsonKind::Number;
    if (tokens == nullptr) {
        if (number)
            append_masked_number(tape.raw(hit.node), out);
        else
            append_masked_json(tape.raw(hit.node), out);
    } else if (number) {
        out += tokens->of_number(tape.raw(hit.node), hit.form);
    } else {
        std::string quoted;
        append_json_string(tokens->of_text(tape.text_of(hit.node, unescaped), hit.reason, hit.form),
                           quoted);
        out.append(quoted, 1, quoted.size() - 2);
    }
}

/// `raw`: as it is escaped in the payload.
void Discloser::Private::append_hidden_part(std::string_view raw, std::string_view reason,
                                            std::string& out) {
    if (tokens == nullptr)
        return append_masked_json(raw, out);
    std::string text;
    append_unescaped(raw, text);
    std::string quoted;
    append_json_string(tokens->of_text(text, reason), quoted);
    out.append(quoted, 1, quoted.size() - 2);
}

/// Beside the payload: what repeats a masked member gets that member's token.
void Discloser::Private::append_hidden_beside(std::string_view text, std::string& out) {
    if (tokens == nullptr || !is_utf8(text) || !(parsed || unread.empty()))
        return append_masked_text(text, out);
    const auto& hits = masker.hits();
    const auto same = std::find_if(hits.begin(), hits.end(), [&](const JsonMasker::Hit& hit) {
        return parsed && masker.tape().text_of(hit.node, unescaped) == text;
    });
    if (same == hits.end())
        out += tokens->of_text(text, {});
    else if (masker.tape().nodes()[same->node].kind == JsonKind::Number)
        out += tokens->of_number(text, same->form);
    else
        out += tokens->of_text(text, same->reason, same->form);
}

void Discloser::Private::mask_parts(const JsonMasker::Hit& hit, std::string& masked,
                                    std::vector<MaskedSpan>& spans) {
    const std::string_view raw = masker.tape().raw(hit.node);
    EscapedPlace place(raw);
    std::size_t copied = 0;
    for (std::uint32_t i = 0; i < hit.part_count; ++i) {
        const TextPart& part = masker.parts()[hit.part_begin + i];
        const std::size_t part_begin = place.raw_at(part.begin);
        const std::size_t part_end = place.raw_at(part.begin + part.size);
        masked.append(raw.substr(copied, part_begin - copied));
        const auto begin = static_cast<std::uint32_t>(masked.size());
        append_hidden_part(raw.substr(part_begin, part_end - part_begin), part.reason, masked);
        copied = part_end;
        if (spans.size() < spans_max)
            spans.push_back({begin, static_cast<std::uint32_t>(masked.size()) - begin,
                             masker.tape().pointer(hit.node), std::string(part.reason),
                             static_cast<std::uint32_t>(part_end - part_begin)});
    }
    masked.append(raw.substr(copied));
}

void Discloser::Private::mask_hits(std::string_view value, std::string& masked,
                                   std::vector<MaskedSpan>& spans) {
    const JsonTape& tape = masker.tape();
    std::size_t copied = 0;
    masked.reserve(value.size() + value.size() / 4);
    spans.reserve(std::min(masker.hits().size(), spans_max));
    for (const JsonMasker::Hit& hit : masker.hits()) {
        const TapeNode& node = tape.nodes()[hit.node];
        masked.append(value.substr(copied, node.offset - copied));
        copied = node.offset + node.length;
        if (hit.part_count > 0) {
            mask_parts(hit, masked, spans);
            continue;
        }
        const std::size_t begin = masked.size();
        append_hidden(hit, masked);
        if (spans.size() == spans_max) // finding a pointer costs as much as the way there
            continue;
        spans.push_back({static_cast<std::uint32_t>(begin),
                         static_cast<std::uint32_t>(masked.size() - begin), tape.pointer(hit.node),
                         std::string(hit.reason), node.length});
    }
    masked.append(value.substr(copied));
}

void Discloser::Private::disclose_value(DisclosedRecord& out, std::span<const EventFields> events) {
    parsed = false;
    texts_known = false;
    unread = {};
    const std::string_view value = out.m_value;
    if (value.empty())
        return;
    std::string_view whole;
    if (value.size() > max_payload_bytes)
        whole = too_large;
    else if (!masker.find(value, events.empty() ? std::span(&unknown, 1) : events))
        whole = unparsable;
    parsed = whole.empty();
    if (parsed && masker.hits().empty())
        return;
    std::string& masked = store().value;
    if (parsed) {
        mask_hits(value, masked, out.m_masked);
        out.m_masked_count = masker.hits().size();
    } else {
        unread = value;
        if (whole == too_large)
            for (std::size_t i = 0; i < too_large_characters; ++i)
                masked.append(mask_character);
        else
            append_masked_text(value, masked);
        const std::size_t hidden = whole == too_large ? too_large_characters : value.size();
        if (spans_max > 0)
            out.m_masked.push_back({0, static_cast<std::uint32_t>(masked.size()), "",
                                    std::string(whole), static_cast<std::uint32_t>(hidden)});
        out.m_masked_count = 1;
    }
    out.m_value = masked;
}

void Discloser::Private::disclose_key(DisclosedRecord& out) {
    if (!must_mask("", out.m_key, Beside::Key))
        return;
    append_hidden_beside(out.m_key, store().key);
    out.m_key = store().key;
    out.m_key_masked = true;
}

void Discloser::Private::disclose_headers(DisclosedRecord& out) {
    for (HeaderView& header : out.m_headers) {
        if (must_mask(header.name, header.value, Beside::HeaderValue)) {
            append_hidden_beside(header.value, store().headers.emplace_back());
            header.value = store().headers.back();
            out.m_headers_masked = true;
        }
        if (must_mask("", header.name, Beside::HeaderName)) {
            append_hidden_beside(header.name, store().headers.emplace_back());
            header.name = store().headers.back();
            out.m_headers_masked = true;
        }
    }
}

/// What stands beside the value; then `out` owns what was made.
void Discloser::Private::disclose_rest(DisclosedRecord& out) {
    disclose_key(out);
    disclose_headers(out);
    out.m_store = std::move(made);
    made = nullptr;
}

Discloser::Discloser(std::shared_ptr<const DisclosurePolicy> policy, MaskedParts parts)
    : d(std::make_unique<Private>(std::move(policy), parts)) {}
Discloser::~Discloser() = default;
Discloser::Discloser(Discloser&&) noexcept = default;
Discloser& Discloser::operator=(Discloser&&) noexcept = default;

const DisclosurePolicy& Discloser::policy() const {
    return *d->policy;
}

DisclosedRecord Discloser::disclose(bool key_null, std::string_view key, bool value_null,
                                    std::string_view value, const HeaderView* headers,
                                    std::size_t header_count, std::string_view record_value,
                                    std::span<const EventFields> events) {
    DisclosedRecord out;
    out.m_key_null = key_null;
    out.m_key = key;
    out.m_value_null = value_null;
    out.m_value = value;
    out.m_headers.assign(headers, headers + header_count);
    if (d->policy->masks()) {
        d->record = record_value.size() > value.size() ? record_value : std::string_view();
        d->disclose_value(out, events);
        d->disclose_rest(out);
    }
    return out;
}

DisclosedRecord Discloser::disclose_beside(bool key_null, std::string_view key,
                                           std::string_view unread, const HeaderView* headers,
                                           std::size_t header_count) {
    DisclosedRecord out;
    out.m_key_null = key_null;
    out.m_key = key;
    out.m_headers.assign(headers, headers + header_count);
    if (d->policy->masks()) {
        d->parsed = false;
        d->unread = unread;
        d->record = {};
        d->disclose_rest(out);
    }
    return out;
}

} // namespace weir
