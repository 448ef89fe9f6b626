// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/catalogue_words.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

#include "connectors/base/qt_text.h"
#include "models/catalogue/catalogue_model.h"
#include "models/contract/contract_text.h"
#include "models/live/printable.h"

namespace weir {

namespace {

QString contract_words(const Contract& contract) {
    QStringList parts;
    if (!contract.owner.empty())
        parts.append(tr("owned by %1").arg(shown_text(contract.owner)));
    parts.append(
        tr("%1 fields, %2 personal").arg(contract.fields.size()).arg(personal_fields(contract)));
    return parts.join(QStringLiteral(", "));
}

QString seen_words(const Seen& seen) {
    if (seen.events == 0)
        return tr("none seen");
    if (seen.failed == 0)
        return tr("%1 seen").arg(number_text(seen.events));
    return tr("%1 seen, %2 of them failed").arg(number_text(seen.events), number_text(seen.failed));
}

} // namespace

QString shown_text(const std::string& text) {
    return QString::fromStdString(printable(text));
}

QString joined_text(const std::vector<std::string>& texts) {
    QStringList all;
    for (const std::string& text : texts)
        all.append(shown_text(text));
    return all.join(QStringLiteral(", "));
}

QString file_name(const std::string& where) {
    const std::size_t end = where.find(".json");
    const std::string path = end == std::string::npos ? where : where.substr(0, end + 5);
    const std::size_t name = path.rfind('/');
    const std::size_t folder =
        name == std::string::npos || name == 0 ? std::string::npos : path.rfind('/', name - 1);
    return shown_text(folder == std::string::npos ? path : path.substr(folder + 1));
}

QString number_text(std::uint64_t number) {
    static const QLocale locale(QLocale::English, QLocale::UnitedStates); // a comma at thousands
    return locale.toString(static_cast<qulonglong>(number));
}

QString seen_text(const Seen& seen) {
    return seen.events == 0 ? QString() : number_text(seen.events);
}

bool version_alarms(const CatalogueVersion& version) {
    return version.seen.events > 0 &&
           (version.standing == Standing::Removed || version.standing == Standing::NoContract);
}

CatalogueNote type_note(const CatalogueType& type) {
    const Contract* const newest = type.newest();
    if (newest == nullptr)
        return {CatalogueModel::standingText(Standing::NoContract), true};
    QStringList parts{tr("newest %1").arg(newest->version)};
    const auto count = [&](Standing standing) {
        return std::count_if(type.versions.begin(), type.versions.end(),
                             [&](const CatalogueVersion& v) { return v.standing == standing; });
    };
    const auto unknown = count(Standing::NoContract);
    if (unknown > 0)
        parts.append(tr("%1 without contract").arg(unknown));
    const bool alarm = std::any_of(type.versions.begin(), type.versions.end(), version_alarms);
    const CatalogueVersion* const version = type.find(std::to_string(newest->version));
    if (version != nullptr && version->standing != Standing::Current)
        parts.append(CatalogueModel::standingText(version->standing));
    return {parts.join(QStringLiteral(", ")), alarm};
}

QString type_sentence(const CatalogueType& type) {
    const Contract* const newest = type.newest();
    const CatalogueNote note = type_note(type);
    QString text = CatalogueModel::typeText(type.type) % QStringLiteral(": ") % note.text;
    if (newest != nullptr)
        text += QStringLiteral(", ") % contract_words(*newest);
    return text % QStringLiteral(", ") % seen_words(type.seen);
}

QString version_sentence(const CatalogueType& type, const CatalogueVersion& version) {
    QString text = CatalogueModel::typeText(type.type) % u' ' %
                   CatalogueModel::versionText(version.version) % QStringLiteral(": ") %
                   CatalogueModel::standingText(version.standing);
    if (version.contract) {
        const QString dates = dates_text(*version.contract);
        if (!dates.isEmpty())
            text += QStringLiteral(" (") % dates % u')';
        text += QStringLiteral(", ") % contract_words(*version.contract);
    }
    text += QStringLiteral(", ") % seen_words(version.seen);
    if (version.seen.events > 0)
        text += tr(" of the type's %1").arg(number_text(type.seen.events));
    return text;
}

QString dates_text(const Contract& contract) {
    QStringList parts;
    if (!contract.deprecated_since.empty())
        parts.append(tr("deprecated since %1").arg(shown_text(contract.deprecated_since)));
    if (!contract.removed_on.empty())
        parts.append(tr("removed on %1").arg(shown_text(contract.removed_on)));
    return parts.join(QStringLiteral(", "));
}

} // namespace weir
