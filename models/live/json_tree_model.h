// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON of one event as a tree. Children are made when somebody looks, some hundred at a time,
// so that a payload of any size opens at once.
// Thread contract: GUI thread only. Bound: one item for each node that was looked at.
#pragma once

#include <QAbstractItemModel>

#include <memory>
#include <unordered_map>

#include "models/live/event_detail.h"

namespace weir {

class JsonTreeModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Role {
        NameRole = Qt::UserRole + 1, // member name, element number, "event" for the root
        ValueRole,                   // one line: the value as it is written, {n} or [n]
        KindRole,                    // JsonKind as int
        MaskedRole,                  // why it is masked, or empty
        PointerRole,                 // RFC 6901
        PathRole,                    // as a filter writes it: properties.items[0].sku
        RawRole,                     // the whole value's text, for the clipboard
        ViolationRole,               // what is wrong here in a few words, or empty
        RefusingRole,                // and whether it refuses the event
        SizeRole,                    // members or elements, also those not made yet
    };
    explicit JsonTreeModel(QObject* parent = nullptr);
    ~JsonTreeModel() override;

    /// Null, or no JSON: an empty tree.
    void setDetail(std::shared_ptr<const EventDetail> detail);

    /// The value a violation's pointer leads to, or what is nearest around it; makes the children
    /// on the way.
    QModelIndex indexOf(const QString& pointer);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override { fetch(parent, children_at_once); }
    /// At most so many more.
    void fetch(const QModelIndex& parent, int at_most);
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    static constexpr int children_at_once = 400;

  private:
    struct Item;
    const Item* item(const QModelIndex& index) const;
    std::uint32_t nearest(std::string pointer, std::string& missing) const;
    void markViolations();
    QString name(const Item& item) const;
    QString value(const Item& item) const;
    QString path(const Item& item) const;

    std::shared_ptr<const EventDetail> m_detail;
    std::unique_ptr<Item> m_root;
    struct Mark {
        QString text;
        bool refusing = false;
    };
    std::unordered_map<std::uint32_t, Mark> m_marks; // by tape node
};

} // namespace weir
