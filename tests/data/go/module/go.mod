module example.com/Acme/app

go 1.21

require (
	example.com/local v0.0.0
	github.com/BurntSushi/toml v1.3.2
	github.com/dgrijalva/jwt-go v3.2.0+incompatible
	github.com/pkg/errors v0.9.1
	golang.org/x/text v0.14.0
)

require github.com/golang-jwt/jwt v3.2.2+incompatible // indirect

replace (
	example.com/local => ../local
	github.com/dgrijalva/jwt-go => github.com/golang-jwt/jwt v3.2.1+incompatible
	github.com/pkg/errors v0.9.1 => github.com/pkg/errors v0.9.0
)
