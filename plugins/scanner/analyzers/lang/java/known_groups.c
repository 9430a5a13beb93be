#include "known_groups.h"

#define ROW(name_, group_)                                                                                             \
    { .name = STELLA_SV_INIT(name_), .group = STELLA_SV_INIT(group_) }
#define ROW_FROM(name_, group_, from_)                                                                                 \
    { .name = STELLA_SV_INIT(name_), .group = STELLA_SV_INIT(group_), .from = (from_) }

/* The first row that fits holds. from: the first number of the
 * version must be at least this. Each row is what Maven resolved (bench/compare/java). */
static const struct {
    stella_sv name, group;
    uint32_t from;
} table[] = {
    ROW("protobuf-java", "com.google.protobuf"),
    ROW("graphql-java", "com.graphql-java"),
    ROW("java-dataloader", "com.graphql-java"),
    ROW("h2", "com.h2database"),
    ROW("okhttp", "com.squareup.okhttp3"),
    ROW("okio", "com.squareup.okio"),
    ROW("okio-jvm", "com.squareup.okio"),
    ROW("grpc-api", "io.grpc"),
    ROW("grpc-context", "io.grpc"),
    ROW("grpc-core", "io.grpc"),
    ROW("grpc-netty", "io.grpc"),
    ROW("grpc-util", "io.grpc"),
    ROW("perfmark-api", "io.perfmark"),
    ROW("reactor-core", "io.projectreactor"),
    ROW("reactor-netty-core", "io.projectreactor.netty"),
    ROW("reactor-netty-http", "io.projectreactor.netty"),
    ROW("jna", "net.java.dev.jna"),
    ROW("kafka-clients", "org.apache.kafka"),
    ROW("lucene-analysis-common", "org.apache.lucene"),
    ROW("lucene-backward-codecs", "org.apache.lucene"),
    ROW("lucene-core", "org.apache.lucene"),
    ROW("lucene-grouping", "org.apache.lucene"),
    ROW("lucene-highlighter", "org.apache.lucene"),
    ROW("lucene-join", "org.apache.lucene"),
    ROW("lucene-memory", "org.apache.lucene"),
    ROW("lucene-misc", "org.apache.lucene"),
    ROW("lucene-queries", "org.apache.lucene"),
    ROW("lucene-queryparser", "org.apache.lucene"),
    ROW("lucene-sandbox", "org.apache.lucene"),
    ROW("lucene-suggest", "org.apache.lucene"),
    ROW("tomcat-annotations-api", "org.apache.tomcat"),
    ROW("tomcat-embed-core", "org.apache.tomcat.embed"),
    ROW("tomcat-embed-el", "org.apache.tomcat.embed"),
    ROW("tomcat-embed-jasper", "org.apache.tomcat.embed"),
    ROW("tomcat-embed-websocket", "org.apache.tomcat.embed"),
    ROW("aspectjweaver", "org.aspectj"),
    ROW("bcpg-jdk18on", "org.bouncycastle"),
    ROW("bcpkix-jdk18on", "org.bouncycastle"),
    ROW("bcprov-jdk18on", "org.bouncycastle"),
    ROW("bcutil-jdk18on", "org.bouncycastle"),
    ROW("checker-qual", "org.checkerframework"),
    ROW_FROM("groovy", "org.apache.groovy", 4),
    ROW("groovy", "org.codehaus.groovy"),
    ROW("ecj", "org.eclipse.jdt"),
    ROW("jetty-jakarta-servlet-api", "org.eclipse.jetty.toolchain"),
    ROW("elasticsearch", "org.elasticsearch"),
    ROW("elasticsearch-cli", "org.elasticsearch"),
    ROW("elasticsearch-core", "org.elasticsearch"),
    ROW("elasticsearch-geo", "org.elasticsearch"),
    ROW("elasticsearch-grok", "org.elasticsearch"),
    ROW("elasticsearch-logging", "org.elasticsearch"),
    ROW("elasticsearch-lz4", "org.elasticsearch"),
    ROW("elasticsearch-native", "org.elasticsearch"),
    ROW("elasticsearch-plugin-classloader", "org.elasticsearch"),
    ROW("elasticsearch-preallocate", "org.elasticsearch"),
    ROW("elasticsearch-secure-sm", "org.elasticsearch"),
    ROW("elasticsearch-tdigest", "org.elasticsearch"),
    ROW("elasticsearch-x-content", "org.elasticsearch"),
    ROW("elasticsearch-plugin-analysis-api", "org.elasticsearch.plugin"),
    ROW("elasticsearch-plugin-api", "org.elasticsearch.plugin"),
    ROW_FROM("hibernate-commons-annotations", "org.hibernate.common", 6),
    ROW_FROM("hibernate-core", "org.hibernate.orm", 6),
    ROW("kotlin-stdlib", "org.jetbrains.kotlin"),
    ROW("kotlin-stdlib-common", "org.jetbrains.kotlin"),
    ROW("kotlin-stdlib-jdk7", "org.jetbrains.kotlin"),
    ROW("kotlin-stdlib-jdk8", "org.jetbrains.kotlin"),
    ROW("lz4-java", "org.lz4"),
    ROW("mockito-core", "org.mockito"),
    ROW("objenesis", "org.objenesis"),
    ROW("reactive-streams", "org.reactivestreams"),
    ROW("spring-aop", "org.springframework"),
    ROW("spring-aspects", "org.springframework"),
    ROW("spring-beans", "org.springframework"),
    ROW("spring-context", "org.springframework"),
    ROW("spring-context-support", "org.springframework"),
    ROW("spring-core", "org.springframework"),
    ROW("spring-expression", "org.springframework"),
    ROW("spring-jcl", "org.springframework"),
    ROW("spring-jdbc", "org.springframework"),
    ROW("spring-jms", "org.springframework"),
    ROW("spring-messaging", "org.springframework"),
    ROW("spring-orm", "org.springframework"),
    ROW("spring-oxm", "org.springframework"),
    ROW("spring-tx", "org.springframework"),
    ROW("spring-web", "org.springframework"),
    ROW("spring-webflux", "org.springframework"),
    ROW("spring-webmvc", "org.springframework"),
    ROW("spring-websocket", "org.springframework"),
    ROW("spring-boot", "org.springframework.boot"),
    ROW("spring-boot-actuator", "org.springframework.boot"),
    ROW("spring-boot-actuator-autoconfigure", "org.springframework.boot"),
    ROW("spring-boot-autoconfigure", "org.springframework.boot"),
    ROW("spring-boot-devtools", "org.springframework.boot"),
    ROW("spring-boot-loader", "org.springframework.boot"),
    ROW("spring-boot-starter", "org.springframework.boot"),
    ROW("spring-boot-starter-actuator", "org.springframework.boot"),
    ROW("spring-boot-starter-aop", "org.springframework.boot"),
    ROW("spring-boot-starter-data-jpa", "org.springframework.boot"),
    ROW("spring-boot-starter-jdbc", "org.springframework.boot"),
    ROW("spring-boot-starter-json", "org.springframework.boot"),
    ROW("spring-boot-starter-logging", "org.springframework.boot"),
    ROW("spring-boot-starter-reactor-netty", "org.springframework.boot"),
    ROW("spring-boot-starter-security", "org.springframework.boot"),
    ROW("spring-boot-starter-thymeleaf", "org.springframework.boot"),
    ROW("spring-boot-starter-tomcat", "org.springframework.boot"),
    ROW("spring-boot-starter-validation", "org.springframework.boot"),
    ROW("spring-boot-starter-web", "org.springframework.boot"),
    ROW("spring-boot-starter-webflux", "org.springframework.boot"),
    ROW("spring-security-config", "org.springframework.security"),
    ROW("spring-security-core", "org.springframework.security"),
    ROW("spring-security-crypto", "org.springframework.security"),
    ROW("spring-security-web", "org.springframework.security"),
    ROW("thymeleaf", "org.thymeleaf"),
    ROW("thymeleaf-spring6", "org.thymeleaf"),
};

static uint32_t major_of(stella_sv version) {
    uint32_t value = 0;
    for (size_t i = 0; i < version.len && i < 6 && version.ptr[i] >= '0' && version.ptr[i] <= '9'; i++)
        value = 10 * value + (uint32_t)(version.ptr[i] - '0');
    return value;
}

stella_sv known_group(stella_sv name, stella_sv version) {
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (stella_sv_eq(table[i].name, name) && major_of(version) >= table[i].from)
            return table[i].group;
    return (stella_sv){0};
}
