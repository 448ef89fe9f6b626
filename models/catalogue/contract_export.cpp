// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/contract_export.h"

#include <QSaveFile>

#include <algorithm>
#include <optional>

#include "models/contract/contract_compatibility.h"
#include "models/contract/contract_text.h"

namespace weir {

namespace {

std::optional<ComparedVersion> version_before(const ContractSet* set, const Contract& contract) {
    if (set == nullptr)
        return std::nullopt;
    const std::vector<std::int64_t> versions = set->versions(contract.type); // ascending
    const auto at = std::lower_bound(versions.begin(), versions.end(), contract.version);
    if (at == versions.begin())
        return std::nullopt;
    const Contract* const before = set->find(contract.type, *(at - 1));
    return ComparedVersion{before->version, compare_contracts(*before, contract)};
}

} // namespace

std::string contract_text(const ContractSet* set, const Contract& contract, ContractFormat format) {
    const auto before = version_before(set, contract);
    const ComparedVersion* const compared = before ? &*before : nullptr;
    return format == ContractFormat::Markdown ? contract_markdown(contract, compared)
                                              : contract_json(contract, compared) + "\n";
}

Result<void> write_contracts(const ContractSet* set,
                             const std::vector<std::shared_ptr<const Contract>>& contracts,
                             ContractFormat format, const std::string& file) {
    QSaveFile out(QString::fromStdString(file));
    bool written = out.open(QIODevice::WriteOnly);
    bool first = true;
    for (const auto& contract : contracts) {
        std::string text = contract_text(set, *contract, format);
        if (format == ContractFormat::Markdown && !std::exchange(first, false))
            text.insert(0, "\n");
        const auto size = static_cast<qint64>(text.size());
        written = written && out.write(text.data(), size) == size;
    }
    if (written && out.commit())
        return {};
    Error error;
    error.code = ErrorCode::Io;
    error.what = "the contracts could not be written";
    error.where = file;
    error.advice = out.errorString().toStdString();
    return error;
}

} // namespace weir
