// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/failure_reader.h"

#include <algorithm>

#include "connectors/base/base64.h"
#include "models/event/decode/dialect.h"
#include "models/event/decode/header_values.h"
#include "models/invalid/reason_facts.h"

namespace weir {

namespace {

constexpr std::string_view header_prefix = "header:";

bool is_header(const std::string& path) {
    return path.starts_with(header_prefix);
}

void add_once(std::vector<std::string>& list, const std::string& text) {
    if (std::find(list.begin(), list.end(), text) == list.end())
        list.push_back(text);
}

/// The names of headers among a dialect's paths for `field`.
void add_headers(const Dialect& dialect, const char* field, std::vector<std::string>& names) {
    for (const std::string& path : dialect.paths(field))
        if (is_header(path))
            add_once(names, path.substr(header_prefix.size()));
}

bool is_one_of(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Of whom and from whom an event is.
constexpr const char* event_fields[] = {"user", "anonymous", "session", "source_id", "user_agent"};

} // namespace

std::uint16_t FailureReader::Plan::slot(const std::string& path) {
    const auto parsed = FieldPath::parse(path);
    if (!parsed || parsed->header)
        return PathTrie::no_slot;
    if (const std::uint16_t known = trie.slot_at(parsed->keys); known != PathTrie::no_slot)
        return known;
    trie.add(parsed->keys, slot_count);
    return slot_count++;
}

void FailureReader::Plan::add(Slots& slots, const std::vector<std::string>& paths,
                              const std::string& within) {
    for (const std::string& path : paths)
        if (const std::uint16_t at = slot(within + path);
            at != PathTrie::no_slot && std::find(slots.begin(), slots.end(), at) == slots.end())
            slots.push_back(at);
}

FailureReader::FailureReader(const DialectSet& dialects,
                             std::shared_ptr<const Vocabulary> vocabulary)
    : m_vocabulary(std::move(vocabulary)) {
    const auto& all = static_cast<const LoadedDialects&>(dialects).all();
    for (const char* field : event_fields)
        m_event_fields.emplace_back(field, std::vector<std::string>());
    for (const Dialect& dialect : all) {
        add_headers(dialect, "pointer", m_headers.pointer);
        add_headers(dialect, "message", m_headers.message);
        if (dialect.overlay)
            add_headers(dialect, "reason", m_headers.reason);
        if (dialect.dead_letter || dialect.body != DialectBody::Json)
            continue;
        for (auto& [field, paths] : m_event_fields)
            for (const std::string& path : dialect.paths(field))
                if (!is_header(path))
                    add_once(paths, path);
    }
    add_event_fields(m_event, {});
    m_event.trie.seal();
    for (const Dialect& dialect : all) {
        if (dialect.overlay || !dialect.dead_letter)
            continue;
        auto envelope = std::make_unique<Envelope>();
        envelope->dialect = dialect.name;
        Plan& fields = envelope->fields;
        fields.add(fields.pointer, dialect.paths("pointer"), {});
        fields.add(fields.message, dialect.paths("message"), {});
        fields.add(fields.user, dialect.paths("user"), {});
        fields.add(fields.anonymous, dialect.paths("anonymous"), {});
        fields.add(fields.session, dialect.paths("session"), {});
        fields.add(fields.producer, dialect.paths("source_id"), {});
        Plan& originals = envelope->originals;
        for (const std::string& path : dialect.originals()) {
            if (holds_base64(path)) {
                originals.add(originals.original_base64, {path}, {});
            } else {
                add_event_fields(fields, path + ".");
                originals.add(originals.original, {path}, {});
            }
        }
        fields.trie.seal();
        originals.trie.seal();
        m_envelopes.push_back(std::move(envelope));
    }
}

FailureReader::~FailureReader() = default;

void FailureReader::add_event_fields(Plan& plan, const std::string& within) const {
    Slots* const slots[] = {&plan.user, &plan.anonymous, &plan.session, &plan.producer,
                            &plan.user_agent};
    for (std::size_t i = 0; i < m_event_fields.size(); ++i)
        plan.add(*slots[i], m_event_fields[i].second, within);
}

const FailureReader::Envelope* FailureReader::envelope_of(ValueId dialect) {
    if (dialect.value() >= m_known.size())
        m_known.resize(dialect.value() + std::size_t{1});
    auto& [looked_up, envelope] = m_known[dialect.value()];
    if (!looked_up) {
        looked_up = true;
        const std::string name = m_vocabulary->dialects->text(dialect);
        const auto found = std::find_if(m_envelopes.begin(), m_envelopes.end(),
                                        [&](const auto& one) { return one->dialect == name; });
        envelope = found == m_envelopes.end() ? nullptr : found->get();
    }
    return envelope;
}

void FailureReader::read_headers(const SightingBatch& batch, const Record& record) {
    const HeaderView* const headers = batch.records.headers_of(record);
    for (std::size_t i = 0; i < record.header_count; ++i) {
        const HeaderView& header = headers[i];
        if (header.null || header.value.empty())
            continue;
        if (m_failure.reason.empty() && is_one_of(m_headers.reason, header.name))
            m_failure.reason = class_name(header.value);
        else if (m_failure.pointer.empty() && is_one_of(m_headers.pointer, header.name))
            m_failure.pointer = header.value;
        else if (m_failure.message.empty() && is_one_of(m_headers.message, header.name))
            m_failure.message = header.value;
    }
}

/// False: it is no JSON, as far as was needed; what was found up to there stands.
bool FailureReader::scan(const Plan& plan, std::string_view text) {
    m_captures.resize(plan.slot_count);
    return m_scan.scan(plan.trie, text, PathTrie::no_slot, 0, m_captures).end != nullptr;
}

/// The first of the values that is there; of an object or array its JSON.
std::string_view FailureReader::text_at(const Slots& slots, std::string& scratch) const {
    for (const std::uint16_t slot : slots) {
        const Capture& capture = m_captures[slot];
        if (!capture.present() || capture.size == 0)
            continue;
        if (!capture.escaped || capture.kind != JsonKind::String)
            return capture.raw();
        scratch.clear();
        append_unescaped(capture.raw(), scratch);
        return scratch;
    }
    return {};
}

void FailureReader::take_event(const Plan& plan) {
    const auto hash = [&](const Slots& slots) {
        const std::string_view id = text_at(slots, m_scratch);
        return id.empty() ? 0 : hash_value(id);
    };
    if (m_failure.user == 0)
        m_failure.user = hash(plan.user);
    if (m_failure.user == 0)
        m_failure.user = hash(plan.anonymous);
    if (m_failure.session == 0)
        m_failure.session = hash(plan.session);
    if (m_failure.producer.empty())
        m_failure.producer = text_at(plan.producer, m_producer);
    m_failure.bot = m_failure.bot || is_bot(text_at(plan.user_agent, m_scratch));
}

/// The event stands in its envelope as a text, or encoded.
void FailureReader::read_original(const Envelope& envelope, std::string_view value) {
    if (envelope.originals.slot_count == 0 || !scan(envelope.originals, value))
        return;
    std::string_view original = text_at(envelope.originals.original, m_original);
    if (original.empty()) {
        const auto bytes = base64_decoded(text_at(envelope.originals.original_base64, m_original));
        if (!bytes)
            return;
        m_original = *bytes;
        original = m_original;
    }
    if (scan(m_event, original))
        take_event(m_event);
    // Its producer lies in m_original, or in m_producer: both stay.
}

std::string_view FailureReader::message_in(const DisclosedRecord& shown, ValueId dialect) {
    for (const HeaderView& header : shown.headers())
        if (!header.null && !header.value.empty() && is_one_of(m_headers.message, header.name))
            return header.value;
    const Envelope* const envelope = envelope_of(dialect);
    if (envelope == nullptr || !scan(envelope->fields, shown.value()))
        return {};
    return text_at(envelope->fields.message, m_message);
}

const Failure& FailureReader::read(const SightingBatch& batch, const Sighting& sighting) {
    m_failure = {};
    if (sighting.record >= batch.records.records.size())
        return m_failure;
    const Record& record = batch.records.records[sighting.record];
    if (record.header_count > 0)
        read_headers(batch, record);
    const std::string_view body = batch.body(sighting);
    const Envelope* const envelope = envelope_of(sighting.dialect);
    if (envelope == nullptr) {
        if (!body.empty() && scan(m_event, body))
            take_event(m_event);
        return m_failure;
    }
    if (!scan(envelope->fields, body))
        return m_failure;
    if (m_failure.pointer.empty())
        m_failure.pointer = text_at(envelope->fields.pointer, m_pointer);
    if (m_failure.message.empty())
        m_failure.message = text_at(envelope->fields.message, m_message);
    take_event(envelope->fields);
    if (m_failure.user == 0 && m_failure.session == 0)
        read_original(*envelope, body);
    return m_failure;
}

} // namespace weir
