// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/violation_model.h"

#include "models/live/printable.h"

namespace weir {

namespace {

QString shown(const std::string& text) {
    return QString::fromStdString(printable(text, 400));
}

} // namespace

void ViolationModel::setDetail(std::shared_ptr<const EventDetail> detail) {
    beginResetModel();
    m_detail = std::move(detail);
    endResetModel();
}

int ViolationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_detail ? 0 : static_cast<int>(m_detail->violations.size());
}

QVariant ViolationModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const Violation& violation = m_detail->violations[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return shown(std::string(to_word(violation.reason)) + " " + violation_text(violation));
    case ReasonRole:
        return QString::fromUtf8(to_word(violation.reason).data(),
                                 static_cast<qsizetype>(to_word(violation.reason).size()));
    case PointerRole:
        return QString::fromStdString(violation.pointer);
    case ExpectedRole:
        return shown(violation.expected);
    case FoundRole:
        return shown(violation.found);
    case RemedyRole:
        return violation.remedy.empty() ? QString() : shown(as_sentence(violation.remedy));
    case RefusingRole:
        return violation.effect == Effect::Block;
    default:
        return {};
    }
}

} // namespace weir
