// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Law 8: bytes leave models/ only as a DisclosedRecord, made under a disclosure policy. Table,
// detail, search output, clipboard, export and command line take nothing else. Filters are
// evaluated on what is disclosed.
//
// What is masked keeps its type, its length in characters and its shape: `203.0.113.7` is shown as
// `•••.•.•••.•`, 4111111111111111 as 9999999999999999. JSON stays valid JSON. Booleans, null and
// empty texts are shown; of an address, where that is enough, all but the values of parameters. A
// key or header that repeats a masked text (masked_texts.h) is masked with it, and so is one that
// stands in a payload of which nobody knows what is personal in it (unparsable, too large), or that
// has a word in common with it.
//
// A policy can also have tokens shown in the place of masked values (Tokeniser).
//
// Thread contract: a policy is immutable and shared; a Discloser (scratch memory) belongs to one
// thread; a DisclosedRecord is a value. Bound: of a payload larger than `max_payload_bytes` nothing
// is shown under a masking policy, not even its length.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/base/result.h"
#include "models/event/disclosure/field_classes.h"

namespace weir {

/// Larger ones are not looked through for what to mask.
inline constexpr std::size_t max_payload_bytes = 32u << 20;

/// Of a record's masked parts the first ones are listed; all are masked and counted.
inline constexpr std::size_t max_masked_spans = 1000;

/// A masked part of a disclosed value and why.
struct MaskedSpan {
    std::uint32_t begin = 0; // in DisclosedRecord::value
    std::uint32_t size = 0;
    std::string pointer;            // RFC 6901, or "" for the whole value
    std::string reason;             // "email", "card", "ip", "token", "name", "unparsable", …
    std::uint32_t hidden_bytes = 0; // that stood there; of what is too large, as many as are shown
};

/// The only form in which a record's bytes are shown, copied, exported or printed. May be copied
/// and moved: the bytes it made itself are shared, and stay where they are.
class DisclosedRecord {
  public:
    std::string_view key() const { return m_key; }
    std::string_view value() const { return m_value; }
    bool key_null() const { return m_key_null; }
    bool value_null() const { return m_value_null; }
    const std::vector<HeaderView>& headers() const { return m_headers; }
    /// Empty where they are only counted.
    const std::vector<MaskedSpan>& masked() const { return m_masked; }
    /// Masked parts of the value, also of those that are not listed.
    std::size_t masked_count() const { return m_masked_count; }
    bool key_masked() const { return m_key_masked; }
    bool headers_masked() const { return m_headers_masked; }
    bool is_masked() const { return m_masked_count > 0 || m_key_masked || m_headers_masked; }

  private:
    friend class Discloser;
    struct Store;
    std::string_view m_key, m_value;
    bool m_key_null = true, m_value_null = true, m_key_masked = false, m_headers_masked = false;
    std::vector<HeaderView> m_headers;
    std::vector<MaskedSpan> m_masked;
    std::size_t m_masked_count = 0;
    std::shared_ptr<const Store> m_store; // of what was masked; null if nothing was
};

class Tokeniser;

class DisclosurePolicy {
  public:
    virtual ~DisclosurePolicy() = default;
    /// Nothing is masked.
    static std::shared_ptr<const DisclosurePolicy> none();
    /// Field names and value patterns: email, phone, card (Luhn), IP, token, names of persons.
    /// A payload that cannot be parsed is masked whole, in a dead letter too, and so is one that a
    /// dead letter holds encoded.
    static std::shared_ptr<const DisclosurePolicy> built_in_detectors();
    /// What `policy` masks is shown as a token instead. What cannot be parsed stays masked.
    static std::shared_ptr<const DisclosurePolicy>
    tokenised(std::shared_ptr<const DisclosurePolicy> policy,
              std::shared_ptr<const Tokeniser> tokeniser);

    virtual std::string_view name() const = 0; // "none", "detectors", "contracts", "tokens"
    virtual bool masks() const = 0;
    /// What stands in the place of a masked value; null: dots.
    virtual const Tokeniser* tokens() const { return nullptr; }
    /// Whether names and shapes are looked at where nothing is agreed about a field.
    virtual bool detects() const { return masks(); }
    /// What is agreed about the fields of an event that stands at the beginning of a value. `type`
    /// is "" and `version` nothing where they are not known: then the strictest holds.
    virtual EventFields fields_of(std::string_view dialect, std::string_view type,
                                  std::optional<std::int64_t> version) const;
    /// Why the field must be masked, or "" to show it. `path` is the dotted path without indexes,
    /// `text` the decoded string or the number's digits.
    virtual std::string_view verdict(std::string_view path, std::string_view text) const = 0;
};

/// Whether a DisclosedRecord says where and why it is masked, or how often alone, which is cheaper.
enum class MaskedParts : std::uint8_t { Listed, Counted };

class Discloser {
  public:
    explicit Discloser(std::shared_ptr<const DisclosurePolicy> policy,
                       MaskedParts parts = MaskedParts::Listed);
    ~Discloser();
    Discloser(Discloser&&) noexcept;
    Discloser& operator=(Discloser&&) noexcept;

    const DisclosurePolicy& policy() const;

    /// The record under the policy. Views in the result point into the arguments where nothing was
    /// masked, into the result otherwise: it must not outlive the arguments.
    /// `record_value`: where `value` is one event of several in a record, all of it: a key or
    /// header that repeats what is masked in a neighbour is masked too. Empty: `value` is all there
    /// is.
    /// `events`: what is agreed about those in `value`, in their order (FieldFinder). None: nobody
    /// knows what `value` is, and the strictest holds.
    DisclosedRecord disclose(bool key_null, std::string_view key, bool value_null,
                             std::string_view value, const HeaderView* headers,
                             std::size_t header_count, std::string_view record_value = {},
                             std::span<const EventFields> events = {});

    /// Key and headers alone, beside a value that is not to be looked through now (it is large and
    /// only a row is drawn). The record's value is empty. Lifetime as above.
    DisclosedRecord disclose_beside(bool key_null, std::string_view key, std::string_view unread,
                                    const HeaderView* headers, std::size_t header_count);

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Makes a policy when it is needed: it may have to wait for a key. Empty: there is none to make.
using DisclosureMaker = std::function<Result<std::shared_ptr<const DisclosurePolicy>>()>;

} // namespace weir
