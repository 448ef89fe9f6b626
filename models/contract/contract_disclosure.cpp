// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_disclosure.h"

#include <map>

#include "models/event/decode/dialect.h"
#include "models/event/disclosure/envelope.h"

namespace weir {

namespace {

using Said = FieldClasses::Said;

/// `tree`, and where in a tracker's parameters (Snowplow's) something describes itself.
FieldClasses around_descriptions(const FieldClasses& tree) {
    FieldClasses descriptions;
    for (const char* pointer :
         {"/ue_pr/data/data", "/ue_px/data/data", "/co/data/*/data", "/cx/data/*/data"})
        descriptions.say(pointer, Said::Event);
    return FieldClasses::strictest({&tree, &descriptions}, true);
}

class ContractDisclosure : public DisclosurePolicy {
  public:
    ContractDisclosure(std::shared_ptr<const ContractSet> contracts, const LoadedDialects& dialects,
                       ContractDisclosureOptions options);

    std::string_view name() const override { return "contracts"; }
    bool masks() const override { return true; }
    bool detects() const override { return m_options.detects; }
    EventFields fields_of(std::string_view dialect, std::string_view type,
                          std::optional<std::int64_t> version) const override;
    std::string_view verdict(std::string_view path, std::string_view text) const override;

  private:
    struct Type {
        FieldClasses strictest;                            // of all its versions
        FieldClasses around;                               // that, around what describes itself
        std::map<std::int64_t, const FieldClasses*> exact; // by version
        bool native = false;
    };
    struct Vendor { // a dialect
        bool native = false;
        bool opaque = false;                  // what it holds of an event is no event's own body
        bool describes_itself = false;        // what it holds says itself of which type it is
        std::unique_ptr<FieldClasses> around; // the envelope of its events
    };
    void add_dialect(const Dialect& dialect);

    const std::shared_ptr<const ContractSet> m_contracts;
    const ContractDisclosureOptions m_options;
    std::map<std::string, Type, std::less<>> m_types;
    std::map<std::string, Vendor, std::less<>> m_dialects;
    FieldClasses m_any, m_any_vendors; // the strictest of all; of those that judge any dialect
    FieldClasses m_around_any;         // the latter, around what describes itself
};

ContractDisclosure::ContractDisclosure(std::shared_ptr<const ContractSet> contracts,
                                       const LoadedDialects& dialects,
                                       ContractDisclosureOptions options)
    : m_contracts(std::move(contracts))
    , m_options(std::move(options)) {
    std::vector<const FieldClasses*> any;
    std::vector<const FieldClasses*> any_vendors;
    for (const std::string& name : m_contracts->types()) {
        Type& type = m_types[name];
        std::vector<const FieldClasses*> all;
        for (const std::int64_t version : m_contracts->versions(name)) {
            const Contract& contract = *m_contracts->find(name, version);
            type.native = contract.of_native_events();
            all.push_back(contract.classes.get());
            type.exact.emplace(version, all.back());
            any.push_back(all.back());
            if (!type.native)
                any_vendors.push_back(all.back());
        }
        type.strictest = FieldClasses::strictest(all, true);
        if (!type.native)
            type.around = around_descriptions(type.strictest);
    }
    // "None" of one type says nothing of another. A dead letter may hold a tracker's event.
    m_any = around_descriptions(FieldClasses::strictest(any, false));
    m_any_vendors = FieldClasses::strictest(any_vendors, false);
    m_around_any = around_descriptions(m_any_vendors);
    for (const Dialect& dialect : dialects.all())
        add_dialect(dialect);
}

void ContractDisclosure::add_dialect(const Dialect& dialect) {
    Vendor& vendor = m_dialects[dialect.name];
    vendor.native = is_of_family(dialect.name, "native");
    vendor.describes_itself = dialect.name == "snowplow-tracker";
    vendor.opaque = dialect.dead_letter && !dialect.overlay && dialect.original.empty();
    vendor.around = envelope_of(dialect);
}

EventFields ContractDisclosure::fields_of(std::string_view dialect, std::string_view type,
                                          std::optional<std::int64_t> version) const {
    EventFields fields;
    const auto vendor = m_dialects.find(dialect);
    if (vendor == m_dialects.end()) { // no dialect could read it: it may be anything
        fields.agreed = &m_any;
        return fields;
    }
    if (vendor->second.opaque)
        return fields;
    const bool native = vendor->second.native;
    fields.around = vendor->second.around.get();
    fields.agreed = native ? &m_any : &m_any_vendors;
    const auto known = m_types.find(type);
    const bool is_known = known != m_types.end() && (native || !known->second.native);
    if (vendor->second.describes_itself) // of which type the inner one is shows when it is read
        fields.around = is_known ? &known->second.around : &m_around_any;
    if (vendor->second.describes_itself || !is_known)
        return fields;
    fields.agreed = &known->second.strictest;
    if (native && version)
        if (const auto exact = known->second.exact.find(*version);
            exact != known->second.exact.end())
            fields.agreed = exact->second;
    return fields;
}

std::string_view ContractDisclosure::verdict(std::string_view path, std::string_view text) const {
    std::string_view reason = m_any.reason_at(path);
    for (const auto& [name, paths] : m_options.names)
        for (std::size_t i = 0; reason.empty() && name == path && i < paths.size(); ++i)
            reason = m_any.reason_at(paths[i]);
    if (!reason.empty() || !m_options.detects)
        return reason;
    return built_in_detectors()->verdict(path, text);
}

} // namespace

std::shared_ptr<const DisclosurePolicy>
contract_disclosure(std::shared_ptr<const ContractSet> contracts,
                    std::shared_ptr<const DialectSet> dialects, ContractDisclosureOptions options) {
    const auto loaded = std::static_pointer_cast<const LoadedDialects>(std::move(dialects));
    return std::make_shared<const ContractDisclosure>(std::move(contracts), *loaded,
                                                      std::move(options));
}

} // namespace weir
