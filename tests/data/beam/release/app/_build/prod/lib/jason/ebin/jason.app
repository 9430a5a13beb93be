{application,jason,
             [{applications,[kernel,stdlib,elixir]},
              {optional_applications,[decimal]},
              {description,"A blazing fast JSON parser and generator in pure Elixir."},
              {modules,['Elixir.Jason']},
              {registered,[]},
              {vsn,"1.4.1"},
              {env,[{x,<<"y"/utf8>>},{n,-1},{f,16#ff}]}]}.
