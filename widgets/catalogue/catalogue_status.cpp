// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/catalogue_status.h"

#include <QStringList>

#include "connectors/base/qt_text.h"
#include "models/catalogue/catalogue_words.h"

namespace weir {

namespace {

QString counted(std::uint64_t count, const QString& one, const QString& many) {
    return (count == 1 ? one : many).arg(number_text(count));
}

} // namespace

QString catalogue_status_text(const Catalogue& catalogue, const CatalogueStatus& status) {
    QStringList parts;
    if (status.state == CatalogueStatus::State::Failed && status.error)
        parts.append(QStringLiteral("▲ ") % shown_text(status.error->text()));
    else if (status.state == CatalogueStatus::State::Loading)
        parts.append(tr("reading the contracts of %1").arg(status.origin));
    else if (status.state == CatalogueStatus::State::None)
        parts.append(tr("this workspace names no contracts: what is seen is listed as it comes"));
    if (catalogue.contracts) {
        const std::size_t contracts = catalogue.contracts->contracts().size();
        parts.append(tr("%1 of %2 from %3")
                         .arg(counted(contracts, tr("%1 contract"), tr("%1 contracts")),
                              counted(catalogue.contracts->types().size(), tr("%1 event type"),
                                      tr("%1 event types")),
                              status.origin));
    }
    if (!catalogue.problems.empty())
        parts.append(QStringLiteral("▲ ") % counted(catalogue.problems.size(),
                                                    tr("%1 problem in the files"),
                                                    tr("%1 problems in the files")));
    if (catalogue.contracts && catalogue.without_contract() > 0)
        parts.append(counted(catalogue.without_contract(),
                             tr("%1 version is seen without a contract"),
                             tr("%1 versions are seen without a contract")));
    if (status.state == CatalogueStatus::State::Loaded && status.error)
        parts.append(tr("▲ the last that could be read: %1").arg(shown_text(status.error->text())));
    if (!catalogue.versions_kept && status.observed)
        parts.append(tr("▲ versions cannot be told apart: the workspace's dimensions do not have "
                        "schema_version"));
    if (catalogue.left_out > 0)
        parts.append(tr("▲ %1 events of too many kinds are not counted by version")
                         .arg(number_text(catalogue.left_out)));
    if (!status.observed)
        parts.append(tr("not connected: what is really sent is not known (Ctrl+R)"));
    if (!status.partial.isEmpty())
        parts.append(tr("counts are partial: %1").arg(status.partial));
    return parts.join(QStringLiteral(" · "));
}

Token catalogue_status_tone(const Catalogue& catalogue, const CatalogueStatus& status) {
    if (status.state == CatalogueStatus::State::Failed || !catalogue.problems.empty())
        return Token::Red;
    const bool partial = status.error || (!catalogue.versions_kept && status.observed) ||
                         catalogue.left_out > 0 || !status.partial.isEmpty();
    return partial ? Token::Amber : Token::Muted;
}

} // namespace weir
