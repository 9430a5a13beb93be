/* The one file in C++: kainjow::mustache is a header of templates. Exceptions end here. */
#include "template/mustache.h"

#include <kainjow/mustache.hpp>

#include <cstring>

namespace {

namespace km = kainjow::mustache;

/* Members that the format json leaves out when they have no value, by the member that holds the object. A template
 * would otherwise find that of an object further out: a license without a name would show its component's. */
struct optional_members {
    const char *holder;
    const char *members[20];
};

const optional_members optionals[] = {
    {"", {"distro"}},
    {"subject", {"digest", "configDigest", "os", "architecture", "variant", "createdMs"}},
    {"distro", {"version", "name"}},
    {"layers", {"digest", "diffId", "mediaType", "createdBy"}},
    {"components",
     {"purl", "namespace", "version", "kind", "architecture", "source", "maintainer", "vendor", "description",
      "homepage", "cpe", "installedSize", "introducedLayer", "declared", "dev", "optional", "managed", "files"}},
    {"source", {"version"}},
    {"licenses", {"expression", "name"}},
    {"evidence", {"line", "layer"}},
    {"files", {"digest", "config", "ghost"}},
    {"relations", {"inferred", "optional", "dev"}},
    {"errors", {"plugin", "path", "line", "layer"}},
};

/* What a sink or a limit said; ends a run from inside the library. */
struct stopped {
    stella_status status;
};

std::string plain_text(stella_sv text) {
    std::string out;
    out.reserve(text.len);
    while (text.len) {
        const size_t size = stella_sv_utf8(text);
        const auto first = static_cast<unsigned char>(text.ptr[0]);
        const bool is_c1 = size == 2 && first == 0xc2 && static_cast<unsigned char>(text.ptr[1]) < 0xa0;
        if (first == '\n' || first == '\t' || first == '\r')
            out += ' ';
        else if (size == 0 || first < 0x20 || first == 0x7f || is_c1)
            out += "\xef\xbf\xbd";
        else
            out.append(text.ptr, size);
        text = stella_sv_skip(text, size ? size : 1);
    }
    return out;
}

km::data data_of(const stella_json *value, stella_sv holder);

km::data object_of(const stella_json *value, stella_sv holder) {
    km::data out{km::data::type::object};
    for (const optional_members &o : optionals)
        if (stella_sv_eq(holder, stella_sv_cstr(o.holder)))
            for (const char *const *member = o.members; *member; member++)
                out[*member] = km::data(false);
    for (uint32_t i = 0; i < value->count; i++) {
        const stella_json_member *m = &value->members[i];
        out[std::string(m->key.ptr, m->key.len)] = data_of(&m->value, m->key);
    }
    return out;
}

km::data list_of(const stella_json *value, stella_sv holder) {
    km::data out{km::data::type::list};
    auto &items = const_cast<km::list &>(out.list_value()); /* its own push_back copies the whole value */
    items.reserve(value->count);
    for (uint32_t i = 0; i < value->count; i++)
        items.push_back(data_of(stella_json_at(value, i), holder));
    return out;
}

km::data data_of(const stella_json *value, stella_sv holder) {
    switch (value->kind) {
    case STELLA_JSON_OBJECT:
        return object_of(value, holder);
    case STELLA_JSON_ARRAY:
        return list_of(value, holder);
    case STELLA_JSON_STRING:
        return km::data(plain_text(value->text));
    case STELLA_JSON_NUMBER:
        return km::data(std::string(value->text.ptr, value->text.len));
    default:
        return km::data(value->kind == STELLA_JSON_TRUE);
    }
}

/* Counts what a template does, and knows no partials: the library would take a text of the result for one. */
class counting_context : public km::context<std::string> {
  public:
    explicit counting_context(const km::data *data) {
        km::context<std::string>::push(data);
    }
    void push(const km::data *data) override {
        count();
        km::context<std::string>::push(data);
    }
    const km::data *get(const std::string &name) const override {
        count();
        return km::context<std::string>::get(name);
    }
    const km::data *get_partial(const std::string &) const override {
        return nullptr;
    }

  private:
    void count() const {
        if (++steps_ > MUSTACHE_STEPS_MAX)
            throw stopped{STELLA_E_LIMIT};
    }
    mutable uint64_t steps_ = 0;
};

/* The stream that the library writes to, line by line. */
class output {
  public:
    output(const stella_sink *sink, stella_error *err) : sink_(sink), err_(err) {
    }
    output &operator<<(const std::string &piece) {
        written_ += piece.size();
        if (written_ > MUSTACHE_OUTPUT_MAX)
            throw stopped{STELLA_E_LIMIT};
        buffer_ += piece;
        if (buffer_.size() >= 65536)
            flush();
        return *this;
    }
    void flush() {
        const stella_status status = stella_sink_write(sink_, stella_sv_of(buffer_.data(), buffer_.size()), err_);
        if (status != STELLA_OK)
            throw stopped{status};
        buffer_.clear();
    }

  private:
    const stella_sink *sink_;
    stella_error *err_;
    std::string buffer_;
    uint64_t written_ = 0;
};

stella_status render(stella_sv text, const stella_json *document, const stella_sink *sink, stella_error *err) {
    km::mustache mustache{std::string(text.ptr, text.len)};
    if (!mustache.is_valid())
        return stella_error_set(err, STELLA_E_INVALID, nullptr, "the template: %s", mustache.error_message().c_str());
    const km::data data = data_of(document, STELLA_SV(""));
    counting_context context{&data};
    output out{sink, err};
    mustache.render(context, out);
    out.flush();
    return STELLA_OK;
}

} // namespace

stella_status mustache_render(stella_sv text, const stella_json *document, const stella_sink *sink, stella_error *err) {
    try {
        return render(text, document, sink, err);
    } catch (const stopped &stop) {
        if (stop.status == STELLA_E_LIMIT)
            return stella_error_set(err, stop.status, nullptr, "the template writes or looks up too much");
        return stop.status;
    } catch (const std::bad_alloc &) {
        return stella_error_set(err, STELLA_E_NOMEM, nullptr, "no memory for what the template makes");
    } catch (...) {
        return stella_error_set(err, STELLA_E_INTERNAL, nullptr, "the template library failed");
    }
}
